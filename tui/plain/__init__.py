"""The program without a screen: questions and answers on standard input and output."""
