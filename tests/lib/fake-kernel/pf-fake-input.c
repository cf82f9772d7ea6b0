/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-input.h"

#include <string.h>

#include "pf-fake-uevent.h"

/* Capabilities as real devices show them in sysfs: a set of bits each, the highest word first. */
typedef struct
{
  const char *suffix;
  const char *ev;
  const char *key;
  const char *rel;
  const char *abs;
} Capabilities;

static const Capabilities keyboard
    = { "", "120013", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "0", "0" };
static const Capabilities pointer = { "", "17", "70000 0 0 0 0", "903", "0" };
static const Capabilities absolute_pointer = { "", "1b", "70000 0 0 0 0", "100", "3" };
static const Capabilities joystick = { "", "20000b", "7cdb000000000000 0 0 0 0", "0", "3003f" };
/* Volume and browser keys: keys, but none that letters are typed with. */
static const Capabilities consumer_control
    = { " Consumer Control", "1f",
        "3007ff 0 0 483ffff17aff32d bf54444600000000 1 130ff38b17c000 677bfad941dfed 9ed68000004400 10000002",
        "1040", "100000000" };

static const Capabilities *
choose_capabilities (const PfFakeDevice *spec, guint protocol)
{
  if (protocol == 0x0101)
    return &keyboard;
  if (protocol == 0x0102)
    return &pointer;
  if (strcmp (spec->kind, "tablet") == 0)
    return &absolute_pointer;
  if (strcmp (spec->kind, "gamepad") == 0)
    return &joystick;
  return &consumer_control;
}

static char *
describe_input (const PfFakeNode *input)
{
  PfFakeNode *name = pf_fake_node_find ((PfFakeNode *) input, "name");
  g_autofree char *text = g_strchomp (g_strdup (name->text));

  return g_strdup_printf ("NAME=\"%s\"\n", text);
}

/**
 * pf_fake_input_add:
 * @interface: folder of a HID interface
 * @protocol: its subclass << 8 | protocol
 * @number: of the interface
 *
 * Adds the input device that usbhid makes of an interface.
 */
void
pf_fake_input_add (PfFakeUsb *device, PfFakeNode *interface, guint protocol, guint number)
{
  const Capabilities *capabilities = choose_capabilities (device->spec, protocol);
  guint input_number = device->kernel->last_input++;
  g_autofree char *path
      = g_strdup_printf ("0003:%04X:%04X.%04X/input/input%u", device->spec->id >> 16,
                         device->spec->id & 0xffff, ++device->kernel->last_hid, input_number);
  g_autofree char *link = g_strdup_printf ("class/input/input%u", input_number);
  g_autofree char *environment = NULL;
  PfFakeNode *input = pf_fake_node_add_folder (interface, path);

  pf_fake_node_add_text (input, "name", "%s %s%s\n",
                         device->spec->manufacturer != NULL ? device->spec->manufacturer : "USB",
                         device->spec->product != NULL ? device->spec->product : "HID", capabilities->suffix);
  pf_fake_node_add_text (input, "phys", "usb-%s-%s/input%u\n", device->host->pci->spec->address, device->path,
                         number);
  pf_fake_node_add_text (input, "capabilities/ev", "%s\n", capabilities->ev);
  pf_fake_node_add_text (input, "capabilities/key", "%s\n", capabilities->key);
  pf_fake_node_add_text (input, "capabilities/rel", "%s\n", capabilities->rel);
  pf_fake_node_add_text (input, "capabilities/abs", "%s\n", capabilities->abs);
  pf_fake_node_add_text (input, "id/bustype", "0003\n");
  pf_fake_node_add_link_to (input, "device", input->parent->parent);
  g_ptr_array_add (device->links, pf_fake_node_add_link_to (device->kernel->sys, link, input));
  g_ptr_array_add (device->inputs, input);
  environment = describe_input (input);
  pf_fake_uevent_send (device->kernel, "add", input, "input", environment);
}

/**
 * pf_fake_input_remove:
 *
 * Says that the input devices of @device go; their folders go with the device.
 */
void
pf_fake_input_remove (PfFakeUsb *device)
{
  for (guint i = 0; i < device->inputs->len; i++)
    {
      g_autofree char *environment = describe_input (g_ptr_array_index (device->inputs, i));

      pf_fake_uevent_send (device->kernel, "remove", g_ptr_array_index (device->inputs, i), "input",
                           environment);
    }
}
