/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Devices that say they are keyboards and are not what a person at the machine types on.
 *
 * Where no other source is given, the numbers are those of usb.ids (linux-usb.org). "Not checked" are those that are
 * in no list at hand: they are harmless where they are wrong, for only a device with keys is looked up. */

#include "pf-input.h"

#define ANY (-1)

typedef struct
{
  guint16 vendor;
  int product;
  PfInputSort sort;
} Known;

static const Known known[] = {
  /* Yubico makes nothing else; those with a one-time password type it. */
  { 0x1050, ANY, PF_INPUT_SORT_SECURITY_KEY },
  /* OnlyKey (docs.onlykey.io, its udev rules). */
  { 0x1d50, 0x60fc, PF_INPUT_SORT_SECURITY_KEY },
  /* Feitian's keys for FIDO and one-time passwords (Yubico's libfido2, udev/70-u2f.rules). */
  { 0x096e, ANY, PF_INPUT_SORT_SECURITY_KEY },
  /* Google's Titan, SoloKeys, Nitrokey's FIDO2 and 3, Ledger (Yubico's libfido2, udev/70-u2f.rules). */
  { 0x18d1, 0x5026, PF_INPUT_SORT_SECURITY_KEY },
  { 0x0483, 0xa2ca, PF_INPUT_SORT_SECURITY_KEY },
  { 0x1209, 0x5070, PF_INPUT_SORT_SECURITY_KEY },
  { 0x1209, 0xbeee, PF_INPUT_SORT_SECURITY_KEY },
  { 0x20a0, 0x4287, PF_INPUT_SORT_SECURITY_KEY },
  { 0x20a0, 0x42b1, PF_INPUT_SORT_SECURITY_KEY },
  { 0x20a0, 0x42b2, PF_INPUT_SORT_SECURITY_KEY },
  { 0x2581, ANY, PF_INPUT_SORT_SECURITY_KEY },
  { 0x2c97, ANY, PF_INPUT_SORT_SECURITY_KEY },
  /* Mooltipass types passwords. */
  { 0x16d0, 0x09a0, PF_INPUT_SORT_SECURITY_KEY },

  /* Makers of scanners and readers, who make no keyboards: Symbol and Zebra, Metrologic and Honeywell, PSC
   * and Datalogic, Hand Held Products, Newland, Opticon, MagTek, ID Tech, RFIDeas. */
  { 0x05e0, ANY, PF_INPUT_SORT_SCANNER },
  { 0x0c2e, ANY, PF_INPUT_SORT_SCANNER },
  { 0x05f9, ANY, PF_INPUT_SORT_SCANNER },
  { 0x0536, ANY, PF_INPUT_SORT_SCANNER },
  { 0x1eab, ANY, PF_INPUT_SORT_SCANNER },
  { 0x065a, ANY, PF_INPUT_SORT_SCANNER },
  { 0x0801, ANY, PF_INPUT_SORT_SCANNER },
  { 0x0acd, ANY, PF_INPUT_SORT_SCANNER },
  { 0x0c27, ANY, PF_INPUT_SORT_SCANNER },
  { 0x13ba, 0x0018, PF_INPUT_SORT_SCANNER },
  /* Elatec, Code Corporation; Cino's FuzzyScan. */
  { 0x09d8, ANY, PF_INPUT_SORT_SCANNER },
  { 0x11fa, ANY, PF_INPUT_SORT_SCANNER },
  { 0x04b4, 0x0100, PF_INPUT_SORT_SCANNER },
  /* Readers of 125 kHz chips that call themselves "Sycreader" (not checked). */
  { 0xffff, 0x0035, PF_INPUT_SORT_SCANNER },
  { 0x08ff, 0x0009, PF_INPUT_SORT_SCANNER },

  /* Keyboards of management controllers: ATEN's in ASPEED and Nuvoton chips, AMI's MegaRAC, HP's iLO,
   * Avocent's in Dell's iDRAC and others, Dell's DRAC 5, Lenovo's. */
  { 0x0557, 0x2419, PF_INPUT_SORT_REMOTE },
  { 0x0557, 0x2221, PF_INPUT_SORT_REMOTE },
  { 0x046b, 0xff10, PF_INPUT_SORT_REMOTE },
  { 0x03f0, 0x1027, PF_INPUT_SORT_REMOTE },
  { 0x0624, 0x0249, PF_INPUT_SORT_REMOTE },
  { 0x413c, 0x0000, PF_INPUT_SORT_REMOTE },
  { 0x17ef, 0xb000, PF_INPUT_SORT_REMOTE },
  /* More of AMI's, HP's and Avocent's, IBM's, Huawei's iBMC (not checked). */
  { 0x046b, 0xff11, PF_INPUT_SORT_REMOTE },
  { 0x046b, 0xff12, PF_INPUT_SORT_REMOTE },
  { 0x03f0, 0x7029, PF_INPUT_SORT_REMOTE },
  { 0x03f0, 0x1127, PF_INPUT_SORT_REMOTE },
  { 0x0624, 0x0250, PF_INPUT_SORT_REMOTE },
  { 0x04b3, 0x4001, PF_INPUT_SORT_REMOTE },
  { 0x04b3, 0x4002, PF_INPUT_SORT_REMOTE },
  { 0x04b3, 0x4010, PF_INPUT_SORT_REMOTE },
  { 0x12d1, 0x0003, PF_INPUT_SORT_REMOTE },
  /* A Linux that plays a USB device, "Multifunction Composite Gadget": OpenBMC, PiKVM, TinyPilot, JetKVM. */
  { 0x1d6b, 0x0104, PF_INPUT_SORT_REMOTE },
  /* Raritan's, Insyde's, Fujitsu's (usb.ids); the chip CH9329, which plays a keyboard for another computer (not
   * checked). */
  { 0x14dd, ANY, PF_INPUT_SORT_REMOTE },
  { 0x0b1f, 0x03ee, PF_INPUT_SORT_REMOTE },
  { 0x0430, 0xa102, PF_INPUT_SORT_REMOTE },
  { 0x1a86, 0xe129, PF_INPUT_SORT_REMOTE },
  /* Sipeed's NanoKVM (not checked). */
  { 0x3346, 0x1009, PF_INPUT_SORT_REMOTE },

  /* Logitech's receivers that are sold with a mouse alone (usb.ids, drivers/hid/hid-ids.h). The kernel knows most
   * of them, and asks them what is paired (drivers/hid/hid-logitech-dj.c); this is for when it has not. */
  { 0x046d, 0xc52f, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc537, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc539, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc53a, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc53f, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc542, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc547, PF_INPUT_SORT_RECEIVER },
  { 0x046d, 0xc54d, PF_INPUT_SORT_RECEIVER },
  /* Their presenters. */
  { 0x046d, 0xc52d, PF_INPUT_SORT_PRESENTER },
  { 0x046d, 0xc53e, PF_INPUT_SORT_PRESENTER }, /* not checked */
  { 0x046d, 0xc538, PF_INPUT_SORT_PRESENTER }, /* not checked */
  { 0x046d, 0xc540, PF_INPUT_SORT_PRESENTER }, /* not checked */
  /* Foot switches of PCsensor, and macro pads with its like (not checked). */
  { 0x0c45, 0x7403, PF_INPUT_SORT_PRESENTER },
  { 0x0c45, 0x7404, PF_INPUT_SORT_PRESENTER },
  { 0x3553, 0xb001, PF_INPUT_SORT_PRESENTER },
  { 0x1189, 0x8890, PF_INPUT_SORT_PRESENTER },

  /* Makers of graphics tablets, whose buttons are keys: Wacom, Huion, XP-Pen, UGEE. */
  { 0x056a, ANY, PF_INPUT_SORT_TABLET },
  { 0x256c, ANY, PF_INPUT_SORT_TABLET },
  { 0x28bd, ANY, PF_INPUT_SORT_TABLET },
  { 0x5543, ANY, PF_INPUT_SORT_TABLET },

  /* Valve's controllers and the Steam Deck's controls are a keyboard and a mouse while no game runs
   * (drivers/hid/hid-steam.c, "lizard mode"). */
  { 0x28de, ANY, PF_INPUT_SORT_GAME_PAD },
};

/**
 * pf_input_ids_find:
 * @vendor: vendor ID of a USB device
 * @product: its product ID
 *
 * Returns: what it is known to be; PF_INPUT_SORT_ORDINARY when it is not known
 */
PfInputSort
pf_input_ids_find (guint16 vendor, guint16 product)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].vendor == vendor && (known[i].product == ANY || known[i].product == product))
      return known[i].sort;
  return PF_INPUT_SORT_ORDINARY;
}
