[Profile]
# C:\
Label=\q\
Icon=a\\
