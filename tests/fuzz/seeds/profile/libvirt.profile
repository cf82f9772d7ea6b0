[Profile]
Label=Spiele
LibvirtDomain=win10
LibvirtUri=qemu:///session

[Ports 0000:00:14.0]
Guest=ehci1;bit/9
