/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-builtin.h"

#include <string.h>

#include "pf-fake-input.h"
#include "pf-fake-uevent.h"

/* Inputs that are no USB devices, and Bluetooth adapters. */

/* One that is there, or an adapter. */
typedef struct
{
  char *on;
  PfFakeNode *node; /* what goes with it */
  GPtrArray *inputs;
  GPtrArray *links;
} Builtin;

/**
 * pf_fake_builtin_free:
 */
void
pf_fake_builtin_free (gpointer data)
{
  Builtin *builtin = data;

  g_free (builtin->on);
  g_ptr_array_unref (builtin->inputs);
  g_ptr_array_unref (builtin->links);
  g_free (builtin);
}

static Builtin *
add_builtin (PfFakeKernel *kernel, const char *on)
{
  Builtin *builtin = g_new0 (Builtin, 1);

  builtin->on = g_strdup (on != NULL ? on : "");
  builtin->inputs = g_ptr_array_new ();
  builtin->links = g_ptr_array_new ();
  g_ptr_array_add (kernel->builtins, builtin);
  return builtin;
}

static char *
name_hid (PfFakeKernel *kernel, const char *bus, const PfFakeInput *input)
{
  return g_strdup_printf ("%s:%04X:%04X.%04X", bus, input->id >> 16, input->id & 0xffff, ++kernel->last_hid);
}

static const char *
get_name (const PfFakeInput *input)
{
  if (input->product != NULL)
    return input->product;
  if (strcmp (input->bus, "i8042") == 0)
    return strcmp (input->kind, "keyboard") == 0 ? "AT Translated Set 2 keyboard"
                                                 : "SynPS/2 Synaptics TouchPad";
  return input->name;
}

/* Where the driver puts it: the folder below which "input" is. */
static PfFakeNode *
add_folder (PfFakeKernel *kernel, const PfFakeInput *input, PfFakeNode *device)
{
  g_autofree char *hid = NULL;
  g_autofree char *path = NULL;
  PfFakeNode *parent = device != NULL ? device : pf_fake_node_add_folder (kernel->sys, "devices/platform");
  gboolean is_spi = strcmp (input->bus, "spi") == 0;

  if (strcmp (input->bus, "i8042") == 0)
    return pf_fake_node_add_folder (kernel->sys, strcmp (input->kind, "keyboard") == 0
                                                     ? "devices/platform/i8042/serio0"
                                                     : "devices/platform/i8042/serio1");
  if (strcmp (input->bus, "uinput") == 0)
    return pf_fake_node_add_folder (kernel->sys, "devices/virtual");
  if (strcmp (input->bus, "platform") == 0)
    return pf_fake_node_add_own_folder (parent, input->name);
  if (strcmp (input->bus, "uhid") == 0)
    {
      hid = name_hid (kernel, "0003", input);
      path = g_strdup_printf ("devices/virtual/misc/uhid/%s", hid);
      return pf_fake_node_add_folder (kernel->sys, path);
    }
  hid = name_hid (kernel, is_spi ? "001C" : "0018", input);
  path = is_spi ? g_strdup_printf ("pxa2xx-spi.3/spi_master/spi2/spi-%s/%s", input->name, hid)
                : g_strdup_printf ("i2c_designware.0/i2c-0/i2c-%s/%s", input->name, hid);
  return pf_fake_node_add_folder (parent, path);
}

static void
add_input (
    PfFakeKernel *kernel, Builtin *builtin, const PfFakeInput *input, PfFakeNode *folder, const char *phys)
{
  const PfFakeInputSpec spec = {
    .kind = input->kind,
    .name = get_name (input),
    .phys = phys,
    .bus = strcmp (input->bus, "bluetooth") == 0 ? 5
           : strcmp (input->bus, "i8042") == 0   ? 0x11
                                                 : 0x18,
    .seat = input->seat,
  };

  if (strchr (folder->name, ':') != NULL)
    pf_fake_node_add_text (folder, "uevent", "HID_NAME=%s\nHID_PHYS=%s\n", spec.name, phys);
  g_ptr_array_add (builtin->inputs, pf_fake_input_make (kernel, folder, &spec, builtin->links));
}

/* --- Bluetooth --- */

static PfFakeNode *
find_hci (PfFakeNode *device)
{
  PfFakeNode *folder = pf_fake_node_find (device, "bluetooth");

  return folder != NULL && folder->children->len > 0 ? g_ptr_array_index (folder->children, 0) : NULL;
}

static PfFakeNode *
add_hci (PfFakeKernel *kernel, Builtin *builtin, PfFakeNode *device)
{
  guint number = kernel->last_hci++;
  g_autofree char *path = g_strdup_printf ("bluetooth/hci%u", number);
  g_autofree char *link = g_strdup_printf ("class/bluetooth/hci%u", number);
  PfFakeNode *hci = pf_fake_node_add_folder (device, path);

  pf_fake_node_add_text (hci, "uevent", "DEVTYPE=host\n");
  g_ptr_array_add (builtin->links, pf_fake_node_add_link_to (kernel->sys, link, hci));
  pf_fake_uevent_send (kernel, "add", hci, "bluetooth", "DEVTYPE=host\n");
  builtin->node = pf_fake_node_find (device, "bluetooth");
  return hci;
}

static void
connect (PfFakeKernel *kernel, const PfFakeInput *input, PfFakeNode *hci)
{
  Builtin *builtin = add_builtin (kernel, input->on);
  g_autofree char *hid = name_hid (kernel, "0005", input);
  g_autofree char *phys
      = g_strdup_printf ("00:1a:7d:da:71:%02x", (guint) g_ascii_strtoull (hci->name + 3, NULL, 10));
  g_autofree char *handle = g_strdup_printf ("%s:256", hci->name);
  g_autofree char *link = g_strdup_printf ("class/bluetooth/%s", handle);
  g_autofree char *path = g_strdup_printf ("devices/virtual/misc/uhid/%s", hid);
  PfFakeNode *connection = pf_fake_node_add_folder (hci, handle);
  PfFakeNode *folder;

  if (pf_fake_node_find (kernel->sys, link) == NULL)
    g_ptr_array_add (builtin->links, pf_fake_node_add_link_to (kernel->sys, link, connection));
  if (strcmp (input->via, "hidp") == 0)
    folder = pf_fake_node_add_folder (connection, hid);
  else
    builtin->node = folder = pf_fake_node_add_folder (kernel->sys, path);
  add_input (kernel, builtin, input, folder, phys);
}

/* --- Coming and going --- */

static gboolean
is_on (const PfFakeInput *input, const char *on)
{
  return g_strcmp0 (input->on, on) == 0;
}

static void
attach_one (PfFakeKernel *kernel, const PfFakeInput *input, PfFakeNode *device)
{
  PfFakeNode *folder;
  Builtin *builtin;

  if (strcmp (input->bus, "bluetooth") == 0)
    {
      PfFakeNode *adapter
          = device != NULL
                ? device
                : pf_fake_node_add_folder (kernel->sys, "devices/platform/80860F0A:00/serial0/serial0-0");

      if (find_hci (adapter) == NULL)
        add_hci (kernel, add_builtin (kernel, input->on), adapter);
      connect (kernel, input, find_hci (adapter));
      return;
    }
  builtin = add_builtin (kernel, input->on);
  folder = add_folder (kernel, input, device);
  if (device != NULL)
    builtin->node = folder;
  add_input (kernel, builtin, input, folder, "isa0060/serio0/input0");
}

/**
 * pf_fake_builtin_attach:
 * @on: an address, or the name of a USB device
 * @device: folder of that function, or of the device's first interface
 * @is_adapter: it is a Bluetooth adapter
 *
 * Adds the inputs that the board has there.
 */
void
pf_fake_builtin_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *device, gboolean is_adapter)
{
  if (is_adapter)
    add_hci (kernel, add_builtin (kernel, on), device);
  for (guint i = 0; i < kernel->board->inputs->len; i++)
    if (is_on (g_ptr_array_index (kernel->board->inputs, i), on))
      attach_one (kernel, g_ptr_array_index (kernel->board->inputs, i), device);
}

/**
 * pf_fake_builtin_start:
 *
 * Adds the inputs that hang on nothing that can go, and what tells a laptop.
 */
void
pf_fake_builtin_start (PfFakeKernel *kernel)
{
  const PfFakeBoard *board = kernel->board;

  for (guint i = 0; i < board->inputs->len; i++)
    if (is_on (g_ptr_array_index (board->inputs, i), NULL))
      attach_one (kernel, g_ptr_array_index (board->inputs, i), NULL);
  if (board->chassis > 0)
    pf_fake_node_add_text (kernel->sys, "class/dmi/id/chassis_type", "%d\n", board->chassis);
  if (board->battery)
    pf_fake_node_add_text (kernel->sys, "class/power_supply/BAT0/type", "Battery\n");
}

/* Connections go before their adapter. */
static void
remove_builtin (PfFakeKernel *kernel, Builtin *builtin)
{
  for (guint i = 0; i < builtin->inputs->len; i++)
    pf_fake_input_forget (kernel, g_ptr_array_index (builtin->inputs, i));
  pf_fake_node_remove_all (builtin->links);
  if (builtin->node != NULL)
    pf_fake_node_remove (builtin->node);
  g_ptr_array_remove (kernel->builtins, builtin);
}

/**
 * pf_fake_builtin_detach:
 * @on: as for pf_fake_builtin_attach()
 *
 * Removes what pf_fake_builtin_attach() has added.
 */
void
pf_fake_builtin_detach (PfFakeKernel *kernel, const char *on)
{
  for (guint i = kernel->builtins->len; i > 0; i--)
    {
      Builtin *builtin = g_ptr_array_index (kernel->builtins, i - 1);

      if (strcmp (builtin->on, on) == 0)
        remove_builtin (kernel, builtin);
    }
}

static gboolean
is_known (PfFakeKernel *kernel, const char *on)
{
  if (pf_fake_board_find_function (kernel->board, on) != NULL)
    return TRUE;
  for (guint i = 0; i < kernel->board->devices->len; i++)
    if (strcmp (((PfFakeDevice *) g_ptr_array_index (kernel->board->devices, i))->name, on) == 0)
      return TRUE;
  return FALSE;
}

/**
 * pf_fake_builtin_check_board:
 *
 * Returns: FALSE with @error set when an input is on something that is not there
 */
gboolean
pf_fake_builtin_check_board (PfFakeKernel *kernel, GError **error)
{
  for (guint i = 0; i < kernel->board->inputs->len; i++)
    {
      const PfFakeInput *input = g_ptr_array_index (kernel->board->inputs, i);

      if (input->on != NULL && !is_known (kernel, input->on))
        return pf_fake_kernel_fail (kernel, "input", input->name, "on", error,
                                    "no such function or device on this board: %s", input->on);
    }
  return TRUE;
}
