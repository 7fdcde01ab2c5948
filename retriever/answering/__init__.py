"""A question that was read becomes an answer: ranking, verdict, editions, highlights."""
