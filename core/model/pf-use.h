/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than a board can sensibly have: bounds for mount tables and disks that somebody made up. What the host
 * cannot do without must not be crowded out by a stick with a hundred partitions, and has room of its own. */
#define PF_USE_MAX 512
#define PF_USE_MAX_VITAL 4096
#define PF_USE_MAX_OF_KIND 64 /* of what processes have open: anybody may open many */

typedef enum
{
  PF_USE_ROOT,          /* the root file system */
  PF_USE_BOOT,          /* what the machine starts from: /boot, /efi and below */
  PF_USE_HOME,          /* /home, or a home directory in it */
  PF_USE_SYSTEM,        /* another file system that the host needs: /usr, /var ... */
  PF_USE_SWAP,          /* swap space, or a swap file */
  PF_USE_VOLUME,        /* part of a volume in use: LVM, LUKS, md, ZFS, a file system on several disks */
  PF_USE_MOUNT,         /* another mounted file system of a disk that can be unplugged */
  PF_USE_DISPLAY,       /* a screen */
  PF_USE_DEFAULT_ROUTE, /* the way to the network */
  PF_USE_AUDIO,         /* a sound card that a process plays on or records from */
  PF_USE_PRINTER,       /* a printer that a process has open */
  PF_USE_FINGERPRINT,   /* a fingerprint reader that is in use */
  PF_USE_OPEN,          /* a node that a process has open */
  PF_USE_POWER,         /* the same: the UPS, and what reads it */
  PF_USE_WRITTEN,       /* a disk that a process has open for writing, past every file system */
  PF_USE_GRAPHICS,      /* a graphics card that a process has open */
  PF_USE_CONTENT,       /* nothing uses it, but it is there: a disk, a network interface, a sound card */
  PF_USE_UNSEEN,        /* there was no time to see who has it open */
  PF_N_USE_KINDS
} PfUseKind;

/**
 * PfUsePlace:
 * @address: of a PCI function
 * @usb: (nullable): the kernel's name of a USB device below it; NULL when it is the function itself
 *
 * Where a device hangs.
 */
typedef struct
{
  char *address;
  char *usb;
} PfUsePlace;

/**
 * PfUse:
 * @kind: for what
 * @place: what is used
 * @what: its part: "sdb1", "eth0", "HDMI-A-1", a sound card's name; where a process has nodes open, the
 * process
 * @where: what for: "/home", "swap", "pipewire (1234)", the nodes that are open; more than one are separated
 * by commas
 *
 * Something that the host uses, and would lose.
 */
typedef struct
{
  PfUseKind kind;
  PfUsePlace place;
  char *what;
  char *where;
} PfUse;

void pf_use_free (PfUse *use);
const char *pf_use_kind_to_string (PfUseKind kind);

G_END_DECLS
