-- Why the channel lets a number send nothing, by its own word: needs_attention until a reading is better.
alter table account add column number_trouble text;
