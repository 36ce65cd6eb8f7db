"""Deep mode: a small language model reads the text.  Start reading at `reader.Reader`.

    weights.py    where the model's file is: install, find, remove
    gguf.py       the file: its tables and tensors
    tokens.py     text -> the model's tokens, with offsets, and back
    graph.py      the network as a graph for onnxruntime
    network.py    the network: hidden states, log-probabilities, many continuations of one text
    reader.py     what is asked of it: surprisal, log-odds of replacements, likely words

Needs the extra `deep`; nothing here is imported unless it is asked for.
"""
