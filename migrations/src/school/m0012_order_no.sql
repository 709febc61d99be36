-- The number of the order by which a student came into a class.
ALTER TABLE class_member ADD COLUMN order_no text CHECK (length(order_no) BETWEEN 1 AND 50);
