# The VM runs and keeps EHCI #1, but every port is the host's: the other end of the everyday toggle.
[Profile]
Format=1
Label=Windows, ports at home

[Controller 0000:00:1d.0]
Id=8086:8ca6
Path=pci0000:00/1d.0
