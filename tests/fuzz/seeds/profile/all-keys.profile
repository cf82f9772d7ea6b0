# With all that a profile can say.
[Profile]
Format=1
Label=Windows, with the desk
Icon=computer
Side=ehci
VfioUser=alice
VfioGroup=kvm
Qmp=%t/windows.qmp
Confirm=always
ConfirmSeconds=30
OnVmExit=previous
SuperSpeedOff=true
GuestMaySwitch=true
LockOnSwitch=true

[Controller 0000:00:1a.0]
Id=8086:8cad
Path=pci0000:00/1a.0

[Controller 0000:07:00.0]
Id=any
Path=pci0000:00/1c.4/00.0
Removable=true

[Ports 0000:00:14.0]
Id=8086:8cb1
Path=pci0000:00/14.0
Guest=ehci2/1;ehci2/3;0x0003
