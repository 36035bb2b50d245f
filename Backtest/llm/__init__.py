"""Language models behind one port: messages in, a text or an object of a given schema out; nothing here is Django's."""
