"""Operations on whole arrays: each expands to scalar nodes, a block at a time, and is recorded as one array."""
