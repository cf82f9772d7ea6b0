/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-use.h"

G_BEGIN_DECLS

/* Whether something is a keyboard, or a pointer. Zero is no. */
typedef enum
{
  PF_INPUT_NONE,     /* it is none, or none that a person at this machine works with */
  PF_INPUT_DOUBTFUL, /* it says that it is one, and is probably something else */
  PF_INPUT_LIKELY    /* taken to be one */
} PfInputRank;

/* What a device is that calls itself a keyboard, where it is not simply that. */
typedef enum
{
  PF_INPUT_SORT_ORDINARY,
  PF_INPUT_SORT_SECURITY_KEY,
  PF_INPUT_SORT_SCANNER,     /* of bar codes, chips or magnetic stripes */
  PF_INPUT_SORT_REMOTE,      /* of a management controller, or another computer */
  PF_INPUT_SORT_MOUSE,       /* with more keys than a mouse has */
  PF_INPUT_SORT_RECEIVER,    /* of a mouse, as far as can be told */
  PF_INPUT_SORT_CARD_READER, /* of smart cards */
  PF_INPUT_SORT_GAME_PAD,    /* or the controls of a handheld computer */
  PF_INPUT_SORT_TABLET,      /* to draw on */
  PF_INPUT_SORT_PRESENTER,   /* or another device with a handful of keys */
  PF_INPUT_SORT_BUTTONS,     /* of a tablet: volume and power */
  PF_INPUT_SORT_ELSEWHERE,   /* a program has it, for a virtual machine for example */
} PfInputSort;

/**
 * PfInputAdapter:
 * @name: in words
 * @place: where it hangs; the address is NULL where that cannot be lent
 *
 * A Bluetooth adapter.
 */
typedef struct
{
  char *name;
  PfUsePlace place;
} PfInputAdapter;

/**
 * PfInput:
 * @name: what it calls itself
 * @is_keyboard: whether letters can be typed on it
 * @is_pointer: whether it moves a pointer
 * @sort: what else it may be
 * @place: where it hangs; the address is NULL where that cannot be lent: i8042, most I2C and SPI hosts
 * @adapters: (element-type PfInputAdapter): of a Bluetooth device those through which it may be connected;
 * empty for others
 *
 * A keyboard or pointer of this seat that is not a USB device. Of those PfUsbDevice says the same.
 */
typedef struct
{
  char *name;
  PfInputRank is_keyboard;
  PfInputRank is_pointer;
  PfInputSort sort;
  PfUsePlace place;
  GPtrArray *adapters;
} PfInput;

/**
 * PfInputFacts:
 * @vendor: of the USB device
 * @product: of the USB device
 * @hub_vendor: of the hub that it is plugged into; 0 for a root hub
 * @hub_product: of that hub
 * @name: (nullable): what it calls itself
 * @keyboard: one of its interfaces has letter keys
 * @pointer: one of its interfaces moves a pointer
 * @pointer_first: the first interface that is one of both is a pointer
 * @pointer_with_keys: the only letter keys are those of a HID device that is a pointer too
 * @fido: one of its HID interfaces is of FIDO's usage page
 * @point_of_sale: one is of the usage page for bar code scanners, scales or magnetic stripe readers
 * @smart_card: one of its interfaces is a smart card reader
 * @paired: a receiver of which the kernel shows what is paired with it, and something is
 * @unpaired: a receiver that the kernel knows, with which nothing is paired
 * @elsewhere: a program has an interface that would be a keyboard or pointer
 *
 * What can be read of a USB device, to judge whether people type on it.
 */
typedef struct
{
  guint16 vendor;
  guint16 product;
  guint16 hub_vendor;
  guint16 hub_product;
  const char *name;
  gboolean keyboard;
  gboolean pointer;
  gboolean pointer_first;
  gboolean pointer_with_keys;
  gboolean fido;
  gboolean point_of_sale;
  gboolean smart_card;
  gboolean paired;
  gboolean unpaired;
  gboolean elsewhere;
} PfInputFacts;

PfInput *pf_input_new (const char *name);
void pf_input_add_adapter (PfInput *input, const char *name, const PfUsePlace *place);
void pf_input_free (PfInput *input);
PfInputSort pf_input_judge (const PfInputFacts *facts, PfInputRank *is_keyboard, PfInputRank *is_pointer);
gboolean pf_input_name_says_keyboard (const char *name);
const char *pf_input_sort_to_words (PfInputSort sort);

/* core/model only */
PfInputSort pf_input_ids_find (guint16 vendor, guint16 product);

G_END_DECLS
