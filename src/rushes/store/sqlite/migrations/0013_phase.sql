-- What the engine of a running generation does at the moment.

ALTER TABLE generation ADD COLUMN phase TEXT;
