/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-input.h"

#include <string.h>

#include "pf-fake-uevent.h"

/* Capabilities as real devices show them in sysfs: a set of bits each, the highest word first; and what
 * udev's builtin input_id makes of them. */
typedef struct
{
  const char *kind;
  const char *suffix;
  const char *ev;
  const char *key;
  const char *rel;
  const char *abs;
  const char *udev;
} Capabilities;

static const Capabilities capabilities[] = {
  { "keyboard", "", "120013", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "0", "0",
    "E:ID_INPUT_KEY=1\nE:ID_INPUT_KEYBOARD=1\n" },
  { "mouse", "", "17", "70000 0 0 0 0", "903", "0", "E:ID_INPUT_MOUSE=1\n" },
  { "combo", "", "120017", "1f0001 0 0 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "903", "0",
    "E:ID_INPUT_KEY=1\nE:ID_INPUT_KEYBOARD=1\nE:ID_INPUT_MOUSE=1\n" },
  { "touchpad", "", "b", "e520 10000 0 0 0 0", "0", "660800011000003", "E:ID_INPUT_TOUCHPAD=1\n" },
  { "tablet", "", "1b", "70000 0 0 0 0", "100", "3", "E:ID_INPUT_MOUSE=1\n" },
  { "gamepad", "", "20000b", "7cdb000000000000 0 0 0 0", "0", "3003f", "E:ID_INPUT_JOYSTICK=1\n" },
  /* Volume and browser keys: keys, but none that letters are typed with. */
  { "buttons", " Consumer Control", "1f",
    "3007ff 0 0 483ffff17aff32d bf54444600000000 1 130ff38b17c000 677bfad941dfed 9ed68000004400 10000002",
    "1040", "100000000", "E:ID_INPUT_KEY=1\n" },
};

static const Capabilities *
find_capabilities (const char *kind)
{
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (capabilities) && strcmp (capabilities[i].kind, kind) != 0)
    i++;
  return &capabilities[i];
}

static const char *
choose_kind (const PfFakeDevice *spec, guint protocol)
{
  if (protocol == 0x0101)
    return "keyboard";
  if (protocol == 0x0102)
    return "mouse";
  return strcmp (spec->kind, "tablet") == 0 || strcmp (spec->kind, "gamepad") == 0 ? spec->kind : "buttons";
}

static char *
describe_input (const PfFakeNode *input)
{
  PfFakeNode *name = pf_fake_node_find ((PfFakeNode *) input, "name");
  g_autofree char *text = g_strchomp (g_strdup (name->text));

  return g_strdup_printf ("NAME=\"%s\"\n", text);
}

static void
tell_udev (PfFakeKernel *kernel, const PfFakeNode *input, const Capabilities *is, const char *seat)
{
  g_autofree char *path = g_strdup_printf ("+input:%s", input->name);

  pf_fake_node_add_text (kernel->udev, path, "I:1\nE:ID_INPUT=1\n%s%s%s%sG:seat\n", is->udev,
                         seat != NULL ? "E:ID_SEAT=" : "", seat != NULL ? seat : "",
                         seat != NULL ? "\n" : "");
}

/**
 * pf_fake_input_make:
 * @parent: folder of the device that it is of
 * @spec: what it is
 * @links: (element-type PfFakeNode): where links to it are added
 *
 * Returns: (transfer none): the folder of the new input device
 */
PfFakeNode *
pf_fake_input_make (PfFakeKernel *kernel, PfFakeNode *parent, const PfFakeInputSpec *spec, GPtrArray *links)
{
  const Capabilities *is = find_capabilities (spec->kind);
  guint number = kernel->last_input++;
  g_autofree char *path = g_strdup_printf ("input/input%u", number);
  g_autofree char *link = g_strdup_printf ("class/input/input%u", number);
  g_autofree char *environment = NULL;
  PfFakeNode *input = pf_fake_node_add_folder (parent, path);

  pf_fake_node_add_text (input, "name", "%s%s\n", spec->name, is->suffix);
  pf_fake_node_add_text (input, "phys", "%s\n", spec->phys);
  pf_fake_node_add_text (input, "capabilities/ev", "%s\n", is->ev);
  pf_fake_node_add_text (input, "capabilities/key", "%s\n", is->key);
  pf_fake_node_add_text (input, "capabilities/rel", "%s\n", is->rel);
  pf_fake_node_add_text (input, "capabilities/abs", "%s\n", is->abs);
  pf_fake_node_add_text (input, "id/bustype", "%04x\n", spec->bus);
  pf_fake_node_add_link_to (input, "device", parent);
  g_ptr_array_add (links, pf_fake_node_add_link_to (kernel->sys, link, input));
  tell_udev (kernel, input, is, spec->seat);
  environment = describe_input (input);
  pf_fake_uevent_send (kernel, "add", input, "input", environment);
  return input;
}

/**
 * pf_fake_input_forget:
 *
 * Says that an input device goes; its folder goes with the device that it is of.
 */
void
pf_fake_input_forget (PfFakeKernel *kernel, PfFakeNode *input)
{
  g_autofree char *environment = describe_input (input);
  g_autofree char *path = g_strdup_printf ("+input:%s", input->name);

  pf_fake_node_remove_path (kernel->udev, path);
  pf_fake_uevent_send (kernel, "remove", input, "input", environment);
}

static PfFakeNode *
add_hid (PfFakeUsb *device, PfFakeNode *parent, guint32 id, const char *driver)
{
  PfFakeKernel *kernel = device->kernel;
  g_autofree char *name = g_strdup_printf ("0003:%04X:%04X.%04X", id >> 16, id & 0xffff, ++kernel->last_hid);
  g_autofree char *folder = g_strdup_printf ("bus/hid/drivers/%s", driver);
  PfFakeNode *hid = pf_fake_node_add_folder (parent, name);

  pf_fake_node_add_link_to (hid, "driver", pf_fake_node_add_folder (kernel->sys, folder));
  return hid;
}

static guint32
get_usage_page (const PfFakeDevice *spec)
{
  if (spec->usage_page != 0)
    return spec->usage_page;
  return strcmp (spec->kind, "security-key") == 0 ? 0xf1d0 : 0;
}

/* The first bytes of a report descriptor: usage page, usage, collection. */
static void
add_descriptor (PfFakeNode *hid, guint32 page)
{
  const guint8 bytes[] = { 0x06, page & 0xff, page >> 8 & 0xff, 0x09, 0x01, 0xa1, 0x01, 0xc0 };

  pf_fake_node_add_bytes (hid, "report_descriptor", (const char *) bytes, sizeof bytes);
}

static void
add_input (PfFakeUsb *device, PfFakeNode *hid, const char *kind, guint number, const char *name)
{
  g_autofree char *phys
      = g_strdup_printf ("usb-%s-%s/input%u", device->host->pci->spec->address, device->path, number);
  const PfFakeInputSpec input = { kind, name, phys, 3, device->spec->seat };

  g_ptr_array_add (device->inputs, pf_fake_input_make (device->kernel, hid, &input, device->links));
}

/* "4024:keyboard", "101b:mouse", "none" */
static void
add_paired (PfFakeUsb *device, PfFakeNode *receiver, guint number)
{
  for (guint i = 0; device->spec->paired[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (device->spec->paired[i], ":", 3);
      g_autofree char *name = NULL;
      PfFakeNode *hid;

      if (g_strv_length (words) < 2)
        continue;
      name = g_strdup_printf ("Logitech %s", words[2] != NULL ? words[2] : words[1]);
      hid = add_hid (device, receiver, 0x046d0000 | (guint32) g_ascii_strtoull (words[0], NULL, 16),
                     "logitech-hidpp-device");
      pf_fake_node_add_text (hid, "uevent", "HID_NAME=%s\n", name);
      add_input (device, hid, words[1], number, name);
    }
}

/**
 * pf_fake_input_add:
 * @interface: folder of a HID interface
 * @protocol: its subclass << 8 | protocol
 * @number: of the interface
 *
 * Adds the input device that usbhid makes of an interface. Of a receiver that the kernel knows, the devices
 * that are paired are below the interface that is of no boot protocol.
 */
void
pf_fake_input_add (PfFakeUsb *device, PfFakeNode *interface, guint protocol, guint number)
{
  const PfFakeDevice *spec = device->spec;
  PfFakeNode *hid
      = add_hid (device, interface, spec->id, spec->paired != NULL ? "logitech-djreceiver" : "hid-generic");
  g_autofree char *name = g_strdup_printf ("%s %s", spec->manufacturer != NULL ? spec->manufacturer : "USB",
                                           spec->product != NULL ? spec->product : "HID");

  if (spec->paired != NULL)
    {
      if (protocol == 0)
        add_paired (device, hid, number);
      return;
    }
  if (protocol == 0 && get_usage_page (spec) != 0)
    {
      add_descriptor (hid, get_usage_page (spec));
      return;
    }
  add_input (device, hid, choose_kind (spec, protocol), number, name);
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
    pf_fake_input_forget (device->kernel, g_ptr_array_index (device->inputs, i));
}
