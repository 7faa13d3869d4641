"""What is true with pencil and paper: the rules of the money as SQL over tables. No framework, clock, disk or network."""
