# The program does not know the domain `sales` any more.
grep -v sales __main__.py >program
mv program __main__.py
