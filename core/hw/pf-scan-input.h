/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfInputKinds:
 * @found: there is an input device, of this seat or another
 * @keyboard: one of them, of this seat, has letter keys
 * @pointer: one of them, of this seat, moves a pointer
 * @keyboard_alone: one that has letter keys is no pointer, or says in its name that it is a keyboard
 * @paired: there is a HID device below a HID device: what a wireless receiver has told of
 * @receiver: the kernel knows it for a receiver, and shows what is paired with it
 * @fido: a HID device of FIDO's usage page
 * @point_of_sale: a HID device of the usage pages of scanners and readers
 *
 * What the input devices of an interface are good for, and what its HID devices say of themselves.
 */
typedef struct
{
  gboolean found;
  gboolean keyboard;
  gboolean pointer;
  gboolean keyboard_alone;
  gboolean paired;
  gboolean receiver;
  gboolean fido;
  gboolean point_of_sale;
} PfInputKinds;

void pf_scan_input (PfTree *tree, const char *directory, PfInputKinds *kinds);
void pf_scan_input_one (PfTree *tree, const char *directory, PfInputKinds *kinds);
gboolean pf_scan_input_is_hid_name (const char *name);

G_END_DECLS
