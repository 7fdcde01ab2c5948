"""What a release is: its head, its boilerplate, its labelled paragraphs, its event, its copies."""
