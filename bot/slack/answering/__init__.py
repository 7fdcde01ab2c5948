"""From a question to its answer: the queue, who may see what, the replies."""
