CREATE TABLE sales (product text NOT NULL, region text NOT NULL, amount integer NOT NULL);
CREATE TABLE books (region text NOT NULL, total integer NOT NULL);
INSERT INTO sales VALUES ('tea', 'eu', 3), ('tea', 'us', 1), ('cup', 'eu', 2), ('tea', 'eu', 4);
