"""Operations of several steps that are taken as one: softmax, cross-entropy, layer norm, batch norm, attention."""
