# The HOWTO's example: EHCI #2 with all its ports, register value 0x00ff. The keyboard is plugged in there.
[Profile]
Format=1
Label=Windows with the desk

[Controller 0000:00:1a.0]
Id=8086:8cad
Path=pci0000:00/1a.0

[Ports 0000:00:14.0]
Id=8086:8cb1
Path=pci0000:00/14.0
Guest=ehci2
