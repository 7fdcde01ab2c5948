"""To Slack: messages within its limits, sent again only where that is safe."""
