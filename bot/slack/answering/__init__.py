"""From a question to its reply: the queue, who may see what, the open index, the metrics."""
