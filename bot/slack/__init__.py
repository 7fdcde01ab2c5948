"""The Slack bot: `pincite slack`.

command_line  the commands of `pincite slack`
running       the process: `connection`, `socket_mode` or `http_mode`, `app_manifest`, logs, stats
listening     what Slack sends: `app` registers the listeners, which read `payload`
answering     the `answer_queue`, and the `responder` that says who gets which answer: `access`;
              the `news` of followed questions
showing       answers as messages and windows: the best sentence, passages, tables, pages
sending       the `sender` with its `retry_policy`; `block_kit` within `block_limits`, `wording`
store         one SQLite file: questions, votes, follows and facts
question      a question as it was asked in Slack, and where its answer belongs
"""
