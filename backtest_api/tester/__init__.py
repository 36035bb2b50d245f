"""The interactive tester: a conversation in a terminal that becomes stored strategies and runs."""
