/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The machine's Bluetooth adapters, and which of them a keyboard is connected through. */

#include "pf-scan-adapters.h"

#include <string.h>

#include "pf-pci-address.h"
#include "pf-scan-place.h"

#define ADAPTERS "class/bluetooth"
/* The kernel allows more (HCI_MAX_ID). This is a bound for trees that somebody made up. */
#define MAX_ADAPTERS 64

/**
 * Adapter:
 * @name: the kernel's: "hci0"
 * @address: (nullable): its Bluetooth address, where /sys tells it
 * @words: for people
 * @connected: a device is connected through it
 */
typedef struct
{
  char *name;
  char *address;
  char *words;
  gboolean connected;
  PfUsePlace place;
} Adapter;

struct _PfAdapters
{
  GPtrArray *adapters;
};

static void
adapter_free (gpointer data)
{
  Adapter *adapter = data;

  g_free (adapter->name);
  g_free (adapter->address);
  g_free (adapter->words);
  pf_scan_place_clear (&adapter->place);
  g_free (adapter);
}

/**
 * pf_scan_adapters_find_place:
 * @board: a linked board
 * @elements: (array zero-terminated=1): of a path below /sys/devices
 * @place: (out): the innermost function of @board on that path, and the USB device below it; nothing where
 * there is none
 *
 * Functions that cannot be lent do not matter: what hangs on them stays, or goes with a function above.
 */
void
pf_scan_adapters_find_place (const PfBoard *board, char **elements, PfUsePlace *place)
{
  const char *address = NULL;
  const char *usb = NULL;

  for (guint i = 0; elements[i] != NULL; i++)
    {
      if (pf_pci_address_is_canonical (elements[i]) && pf_board_find_function (board, elements[i]) != NULL)
        {
          address = elements[i];
          usb = NULL;
        }
      else if (address != NULL && pf_scan_place_is_usb_device (elements[i]))
        usb = elements[i];
    }
  place->address = g_strdup (address);
  place->usb = g_strdup (usb);
}

static char *
describe (const PfBoard *board, const Adapter *adapter)
{
  const PfFunction *function
      = adapter->place.address != NULL ? pf_board_find_function (board, adapter->place.address) : NULL;
  const PfController *controller
      = function != NULL ? pf_board_find_controller (board, function->address) : NULL;

  for (guint i = 0; controller != NULL && i < controller->devices->len; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];

      if (g_strcmp0 (device->sysname, adapter->place.usb) == 0)
        return g_strdup (device->name);
    }
  return g_strdup (function != NULL ? function->name : adapter->name);
}

static void
add_adapter (PfTree *tree, const PfBoard *board, PfAdapters *adapters, const char *name)
{
  g_autofree char *path = g_strdup_printf (ADAPTERS "/%s", name);
  g_autofree char *attribute = g_strdup_printf (ADAPTERS "/%s/address", name);
  g_autofree char *target = pf_tree_read_link (tree, PF_TREE_SYS, path);
  g_auto (GStrv) elements = g_strsplit (target != NULL ? target : "", "/", -1);
  Adapter *adapter = g_new0 (Adapter, 1);

  adapter->name = g_strdup (name);
  /* Only old kernels have it (not checked: which). With others it takes a Bluetooth socket, or BlueZ. */
  adapter->address = pf_tree_read_text (tree, PF_TREE_SYS, attribute);
  pf_scan_adapters_find_place (board, elements, &adapter->place);
  adapter->words = describe (board, adapter);
  g_ptr_array_add (adapters->adapters, adapter);
}

/* Wireless controller, radio frequency, Bluetooth (usb.org, Defined Class Codes) */
static gboolean
is_bluetooth (PfTree *tree, const char *sysname)
{
  static const char *const attributes[] = { "bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol" };
  static const guint64 values[] = { 0xe0, 1, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      g_autofree char *path = g_strdup_printf ("bus/usb/devices/%s:1.0/%s", sysname, attributes[i]);
      guint64 value;

      if (!pf_tree_read_uint (tree, PF_TREE_SYS, path, 16, &value) || value != values[i])
        return FALSE;
    }
  return TRUE;
}

/* For a saved copy that does not have the class. */
static void
add_devices (PfTree *tree, PfAdapters *adapters, const PfController *controller)
{
  for (guint i = 0; i < controller->devices->len && adapters->adapters->len < MAX_ADAPTERS; i++)
    {
      const PfUsbDevice *device = controller->devices->pdata[i];
      Adapter *adapter;

      if (!is_bluetooth (tree, device->sysname))
        continue;
      adapter = g_new0 (Adapter, 1);
      adapter->name = g_strdup (device->sysname);
      adapter->words = g_strdup (device->name);
      adapter->place.address = g_strdup (controller->function->address);
      adapter->place.usb = g_strdup (device->sysname);
      g_ptr_array_add (adapters->adapters, adapter);
    }
}

static Adapter *
find (const PfAdapters *adapters, const char *name, gsize length)
{
  for (guint i = 0; i < adapters->adapters->len; i++)
    {
      Adapter *adapter = adapters->adapters->pdata[i];

      if (strlen (adapter->name) == length && strncmp (adapter->name, name, length) == 0)
        return adapter;
    }
  return NULL;
}

/**
 * pf_adapters_scan:
 * @tree: the kernel
 * @board: a linked board
 *
 * A connection of an adapter is a device "hci0:256" beside it (hci_conn_init_sysfs() in
 * net/bluetooth/hci_sysfs.c).
 *
 * Returns: (transfer full): the Bluetooth adapters that the host has, on USB or elsewhere
 */
PfAdapters *
pf_adapters_scan (PfTree *tree, const PfBoard *board)
{
  PfAdapters *adapters = g_new0 (PfAdapters, 1);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, ADAPTERS);

  adapters->adapters = g_ptr_array_new_with_free_func (adapter_free);
  for (guint i = 0; i < names->len && adapters->adapters->len < MAX_ADAPTERS; i++)
    if (strchr (names->pdata[i], ':') == NULL)
      add_adapter (tree, board, adapters, names->pdata[i]);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      Adapter *adapter = strchr (name, ':') != NULL ? find (adapters, name, strcspn (name, ":")) : NULL;

      if (adapter != NULL)
        adapter->connected = TRUE;
    }
  for (guint i = 0; names->len == 0 && i < board->controllers->len; i++)
    add_devices (tree, adapters, board->controllers->pdata[i]);
  return adapters;
}

/**
 * pf_adapters_free:
 * @adapters: (transfer full): adapters
 */
void
pf_adapters_free (PfAdapters *adapters)
{
  g_ptr_array_unref (adapters->adapters);
  g_free (adapters);
}

/**
 * pf_adapters_add_by_name:
 * @adapters: the machine's
 * @name: the kernel's name of one
 * @input: (inout): what is connected through it
 *
 * Returns: whether there is such an adapter
 */
gboolean
pf_adapters_add_by_name (const PfAdapters *adapters, const char *name, PfInput *input)
{
  const Adapter *adapter = find (adapters, name, strlen (name));

  if (adapter != NULL)
    pf_input_add_adapter (input, adapter->words, &adapter->place);
  return adapter != NULL;
}

typedef gboolean (*MatchFunc) (const Adapter *adapter, const char *address);

static gboolean
has_address (const Adapter *adapter, const char *address)
{
  return adapter->address != NULL && address != NULL && g_ascii_strcasecmp (adapter->address, address) == 0;
}

static gboolean
is_connected (const Adapter *adapter, const char *address)
{
  return adapter->connected;
}

static gboolean
is_any (const Adapter *adapter, const char *address)
{
  return TRUE;
}

/**
 * pf_adapters_add_by_address:
 * @adapters: the machine's
 * @address: (nullable): an adapter's Bluetooth address, which BlueZ gives to uhid as "phys" (bt_uhid_create() in
 * its src/shared/uhid.c)
 * @input: (inout): what is connected through it
 *
 * Where it cannot be told which adapter that is, all are added through which anything is connected, or else
 * all.
 *
 * Returns: whether there is any
 */
gboolean
pf_adapters_add_by_address (const PfAdapters *adapters, const char *address, PfInput *input)
{
  static const MatchFunc matches[] = { has_address, is_connected, is_any };

  for (guint i = 0; i < G_N_ELEMENTS (matches) && input->adapters->len == 0; i++)
    for (guint j = 0; j < adapters->adapters->len; j++)
      {
        const Adapter *adapter = adapters->adapters->pdata[j];

        if (matches[i](adapter, address))
          pf_input_add_adapter (input, adapter->words, &adapter->place);
      }
  return input->adapters->len > 0;
}
