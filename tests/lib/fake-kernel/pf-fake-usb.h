/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-pci.h"

G_BEGIN_DECLS

/* Which half of a connector: the USB2 pins, or the SuperSpeed pins. Each has a root hub of its own on an
 * xHCI. */
typedef enum
{
  PF_FAKE_HALF_USB2,
  PF_FAKE_HALF_SUPER_SPEED,
} PfFakeHalf;

#define PF_FAKE_N_HALVES 2

typedef struct _PfFakeUsb PfFakeUsb;

/**
 * PfFakeUsb:
 * @host: the controller it is below
 * @parent: (nullable): the hub it is plugged into; NULL for a root hub
 * @port: of @parent, from 1
 * @spec: what it is
 * @own_spec: (nullable): the same, where it belongs to this object
 * @node: its folder
 * @links: (element-type PfFakeNode): links to it from other folders
 * @inputs: (element-type PfFakeNode): its input devices
 * @children: (element-type PfFakeUsb): what is plugged into it
 * @seat: (nullable): where a pointer to this device is kept; cleared when it goes
 *
 * A USB device that the kernel has enumerated, root hubs included.
 */
struct _PfFakeUsb
{
  PfFakeKernel *kernel;
  PfFakeHost *host;
  PfFakeUsb *parent;
  guint port;
  guint bus;
  guint number;
  PfFakeHalf half;
  char *sysname;
  char *path;
  const char *speed;
  int ports;
  const PfFakeDevice *spec;
  PfFakeDevice *own_spec;
  PfFakeNode *node;
  GPtrArray *links;
  GPtrArray *inputs;
  GPtrArray *children;
  PfFakeUsb **seat;
};

/**
 * PfFakeHost:
 * @hubs: root hubs; without SuperSpeed, the second is NULL
 * @rate_matching: (nullable): the hub that an Intel EHCI has built in, once it is enumerated
 * @last_number: last device number given, for each root hub
 *
 * A USB host controller that its driver runs.
 */
struct _PfFakeHost
{
  PfFakePci *pci;
  PfFakeUsb *hubs[PF_FAKE_N_HALVES];
  PfFakeUsb *rate_matching;
  guint last_number[PF_FAKE_N_HALVES];
};

void pf_fake_usb_start (PfFakePci *pci);
void pf_fake_usb_stop (PfFakePci *pci);
PfFakeUsb *pf_fake_usb_add (PfFakeUsb *hub, guint port, const PfFakeDevice *spec, PfFakeUsb **seat);
void pf_fake_usb_remove (PfFakeUsb *device);
void pf_fake_usb_enumerate_rate_matching_hub (PfFakeHost *host);
int pf_fake_usb_count_ports (const PfFakePci *pci, PfFakeHalf half);
int pf_fake_usb_count_hub_ports (const PfFakePci *ehci);

G_END_DECLS
