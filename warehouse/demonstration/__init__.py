"""Generated progress on the real ledgers, in a database of its own, labelled 演示数据."""
