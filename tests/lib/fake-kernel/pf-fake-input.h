/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-usb.h"

G_BEGIN_DECLS

/**
 * PfFakeInputSpec:
 * @kind: "keyboard", "mouse", "touchpad", "combo" (keyboard and mouse in one), "tablet", "gamepad", or
 * anything else for a few keys
 * @bus: BUS_ of linux/input.h
 * @seat: (nullable): that udev's rules give it to
 */
typedef struct
{
  const char *kind;
  const char *name;
  const char *phys;
  guint bus;
  const char *seat;
} PfFakeInputSpec;

PfFakeNode *
pf_fake_input_make (PfFakeKernel *kernel, PfFakeNode *parent, const PfFakeInputSpec *spec, GPtrArray *links);
void pf_fake_input_forget (PfFakeKernel *kernel, PfFakeNode *input);
void pf_fake_input_add (PfFakeUsb *device, PfFakeNode *interface, guint protocol, guint number);
void pf_fake_input_remove (PfFakeUsb *device);

G_END_DECLS
