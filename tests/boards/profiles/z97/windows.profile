# The webcam's socket and the one at the front go to Windows, by way of EHCI #1.
[Profile]
Format=1
Label=Windows
Icon=computer-symbolic

[Controller 0000:00:1d.0]
Id=8086:8ca6
Path=pci0000:00/1d.0

[Ports 0000:00:14.0]
Id=8086:8cb1
Path=pci0000:00/14.0
Guest=ehci1/1;ehci1/6
