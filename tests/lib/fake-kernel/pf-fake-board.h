/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values of numbers that a board need not give: "none" where the file says so, and PF_FAKE_AUTO where the
 * file says nothing and the default depends on other keys. */
#define PF_FAKE_NONE (-1)
#define PF_FAKE_AUTO (-2)

/* In an address, the domain may have more than four digits. */
typedef struct
{
  guint32 domain;
  guint bus;
  guint slot;
  guint function;
} PfFakeAddress;

/**
 * PfFakeFunction:
 * @declared: the address in the board file: that of the first, where it is repeated
 *
 * A [function ADDRESS] of the board file; tests/boards/README.md describes each key. Nothing here changes
 * after the file has been read. IDs are vendor << 16 | device.
 */
typedef struct
{
  char *address;
  const char *declared;
  PfFakeAddress parsed;
  guint32 id;
  guint32 subsystem;
  guint32 class_code;
  guint32 revision;
  int header;
  int group;
  char *driver;
  char *native;
  char *override;
  gboolean driverctl;
  char **reset;
  guint32 secondary;
  char *root_bus;
  char *power;
  char *removable;
  int numa_node;
  int irq;
  int config_size;
  char **config;
  char **config_writable;
  int repeat;
  int usb2_ports;
  int usb3_ports;
  int usb3_speed;
  int hub_ports;
  guint32 hub_id;
  int routing;
  int mask;
  int ss_mask;
  int routing_extra;
  gboolean routing_stuck;
  char *boot_vga;
  int nvidia_minor;
} PfFakeFunction;

/* A [group N]: what the firmware says of an IOMMU group. */
typedef struct
{
  int id;
  char **reserved_regions;
} PfFakeGroupSpec;

/* A [member NAME]: something in an IOMMU group that is not a PCI function. */
typedef struct
{
  char *name;
  int group;
  char *bus;
  char *driver;
} PfFakeMember;

/**
 * PfFakeEnd:
 * @at: a controller's address, "ehci1", "ehci2" or "xhci" of the router, or a hub's device name; NULL for
 * none
 * @port: from 1
 *
 * Where one half of a socket, or a device without socket, is wired to.
 */
typedef struct
{
  char *at;
  guint port;
} PfFakeEnd;

/* A [socket NAME]. */
typedef struct
{
  char *name;
  char *port_text;
  char *ss_text;
  char *place;
  PfFakeEnd port;
  PfFakeEnd ss;
} PfFakeSocket;

/* A [device NAME], in the file or in a plug command. Speeds are Mbit/s in words, "1.5" included. */
typedef struct
{
  char *name;
  char *socket;
  guint32 id;
  char *kind;
  char *manufacturer;
  char *product;
  char *serial;
  char *speed;
  guint32 device_class;
  char **interfaces;
  int ports;
  char *mount;
  char *disk;
  char **drivers;
  char **paired;
  guint32 usage_page;
  char *seat;
} PfFakeDevice;

/* An [input NAME]: a keyboard or pointer that is not on USB. */
typedef struct
{
  char *name;
  char *bus;
  char *kind;
  char *on;
  char *via;
  guint32 id;
  char *product;
  char *seat;
} PfFakeInput;

/* A [disk NAME]: a block device. */
typedef struct
{
  char *name;
  char *on;
  char **also;
  char *label;
  char *pool;
  char **mount;
  char *file_system;
  gboolean swap;
  char *pool_type;
  char *model;
  int size;
  char *backing_file;
} PfFakeDisk;

/* A [net NAME]: a network interface. */
typedef struct
{
  char *name;
  char *on;
  gboolean default_route;
  char *state;
} PfFakeNet;

/* A [drm NAME]: a graphics card. */
typedef struct
{
  char *name;
  char *on;
  char **connected;
  char **disconnected;
} PfFakeDrm;

/**
 * PfFakeSound:
 * @player: process that has its stream open; 0 for none
 *
 * A [sound NAME]: a sound card.
 */
typedef struct
{
  char *name;
  char *on;
  char *id;
  int player;
} PfFakeSound;

/**
 * PfFakeBoard:
 * @text: the file
 * @functions: (element-type PfFakeFunction): in the order of their addresses, repeats included
 *
 * A board file as read and checked.
 */
typedef struct
{
  char *path;
  char *text;
  char *name;
  char *cpu;
  char *iommu;
  gboolean iommu_table;
  char *vfio_pci;
  gboolean iommufd;
  char *unset_override;
  char *kernel;
  char *cmdline;
  char **vfio_ids;
  char **modprobe;
  gboolean lockdown;
  int enumerate_ms;
  int chassis;
  gboolean battery;
  GPtrArray *functions;
  GPtrArray *groups;
  GPtrArray *members;
  GPtrArray *sockets;
  GPtrArray *devices;
  GPtrArray *disks;
  GPtrArray *nets;
  GPtrArray *drms;
  GPtrArray *sounds;
  GPtrArray *nodes;
  GPtrArray *opens;
  GPtrArray *inputs;
} PfFakeBoard;

PfFakeBoard *pf_fake_board_load (const char *path, GError **error);
void pf_fake_board_free (PfFakeBoard *board);
PfFakeFunction *pf_fake_board_find_function (const PfFakeBoard *board, const char *address);
PfFakeSocket *pf_fake_board_find_socket (const PfFakeBoard *board, const char *name);
PfFakeDevice *pf_fake_board_parse_device (const char *name,
                                          const char *socket,
                                          const char *const *settings,
                                          GError **error);
void pf_fake_board_free_device (PfFakeDevice *device);
gboolean pf_fake_board_parse_address (const char *text, PfFakeAddress *address);
guint64 pf_fake_board_rank_address (const PfFakeAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeBoard, pf_fake_board_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFakeDevice, pf_fake_board_free_device)

G_END_DECLS
