"""What a desk keeps, in one data folder: the only package that imports SQLAlchemy."""
