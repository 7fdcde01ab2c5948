"""The Slack bot: `pincite slack`.

app        what Slack sends: each event, command and click goes to the desk as a question
desk       the one bounded queue: who may ask, the answer, its delivery, exactly once
post       sending to Slack: what may be sent again, what must not, and what to do instead
render     pure functions from an answer to Block Kit, within `limits`, worded by `wording`
quotes     passages as blocks: word for word, cut on sentence borders
state      one SQLite file: what was asked, where, and what people thought of the answers
access     which corpus folders may be shown where, and to whom
serve      Socket Mode or HTTP, signals, health; `manifest` and `check` for installing it
"""
