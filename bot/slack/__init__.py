"""The Slack bot: `pincite slack`.

app          who listens to what Slack sends: `asking`, `clicks` and `modals`, which read `payload`
queue         the one bounded queue: each question to its answer, its delivery, exactly once
responder        what is said to a question: who is refused, what may be shown, from the `library`
access       which corpus folders may be shown where, and to whom; `people`: who somebody is
post         sending to Slack, by `calls`: what may be sent again, what must not, what else to do
render       pure functions from an answer to Block Kit, within `limits`, worded by `wording`
quotes       passages as blocks: word for word, cut on sentence borders
state        one SQLite file: each `question`, where it was asked, what people thought of the answer
serve        `sockets` or `web`, signals; `manifest`, `check` and `stats` for who runs it
"""
