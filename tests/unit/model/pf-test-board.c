/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-board.h"

#include <string.h>

#include "pf-error.h"
#include "pf-pci-address.h"

#define XHCI 0x0c0330
#define EHCI 0x0c0320

/* Something plugged in: into a router's port, or else into a port of the controller at @address. */
typedef struct
{
  int bit;
  char *address;
  guint port;
  gboolean super_speed;
  char *name;
  PfTestTraits traits;
} Plug;

static void
function_unref (PfTestFunction *function)
{
  if (--function->refs > 0)
    return;
  g_free (function->address);
  g_free (function->path);
  g_free (function->name);
  g_free (function->driver);
  g_free (function->driver_override);
  g_free (function);
}

static void
plug_free (Plug *plug)
{
  g_free (plug->address);
  g_free (plug->name);
  g_free (plug);
}

static void
input_free (PfTestInput *input)
{
  g_free (input->name);
  g_free (input->on);
  g_free (input->adapters);
  g_free (input);
}

/**
 * pf_test_board_new:
 * @cpu_vendor: whose CPU it has
 *
 * Returns: (transfer full): a machine with nothing in it
 */
PfTestBoard *
pf_test_board_new (PfCpuVendor cpu_vendor)
{
  PfTestBoard *board = g_new0 (PfTestBoard, 1);

  board->functions = g_ptr_array_new_with_free_func ((GDestroyNotify) function_unref);
  board->others = g_ptr_array_new_with_free_func (g_free);
  board->plugs = g_ptr_array_new_with_free_func ((GDestroyNotify) plug_free);
  board->nodes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  board->held = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  board->loans = pf_loans_new ();
  board->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) input_free);
  board->cpu_vendor = cpu_vendor;
  board->power = PF_POWER_ON;
  return board;
}

static PfTestFunction *
copy_function (const PfTestFunction *function)
{
  PfTestFunction *copy = g_memdup2 (function, sizeof *function);

  copy->refs = 1;
  copy->address = g_strdup (function->address);
  copy->path = g_strdup (function->path);
  copy->name = g_strdup (function->name);
  copy->driver = g_strdup (function->driver);
  copy->driver_override = g_strdup (function->driver_override);
  return copy;
}

/* Copies share it until one of them is going to change it: see pf_test_board_get(). */
static gpointer
share_function (gconstpointer item, gpointer user_data)
{
  PfTestFunction *function = (PfTestFunction *) item;

  function->refs++;
  return function;
}

static gpointer
copy_plug (gconstpointer item, gpointer user_data)
{
  const Plug *plug = item;
  Plug *copy = g_memdup2 (plug, sizeof *plug);

  copy->address = g_strdup (plug->address);
  copy->name = g_strdup (plug->name);
  return copy;
}

static gpointer
copy_text (gconstpointer item, gpointer user_data)
{
  return g_strdup (item);
}

/**
 * pf_test_board_copy:
 * @board: a machine
 *
 * Returns: (transfer full): another one in the same state
 */
PfTestBoard *
pf_test_board_copy (const PfTestBoard *board)
{
  PfTestBoard *copy = pf_test_board_new (board->cpu_vendor);
  GHashTableIter iter;
  gpointer group, value;

  g_ptr_array_extend (copy->functions, board->functions, share_function, NULL);
  g_ptr_array_extend (copy->plugs, board->plugs, copy_plug, NULL);
  g_ptr_array_extend (copy->others, board->others, copy_text, NULL);
  g_hash_table_iter_init (&iter, board->nodes);
  while (g_hash_table_iter_next (&iter, &group, &value))
    g_hash_table_insert (copy->nodes, group, g_memdup2 (value, sizeof (PfNode)));
  g_hash_table_iter_init (&iter, board->held);
  while (g_hash_table_iter_next (&iter, &group, &value))
    g_hash_table_insert (copy->held, group, g_strdup (value));
  copy->router = board->router;
  memcpy (copy->registers, board->registers, sizeof copy->registers);
  copy->power = board->power;
  pf_loans_free (copy->loans);
  copy->loans = pf_loans_copy (board->loans);
  copy->other_keyboards = board->other_keyboards;
  copy->other_pointers = board->other_pointers;
  for (guint i = 0; i < board->inputs->len; i++)
    {
      const PfTestInput *input = board->inputs->pdata[i];

      pf_test_board_add_input (copy, input->name, input->traits, input->on, input->adapters);
    }
  return copy;
}

/**
 * pf_test_board_free:
 * @board: (transfer full): a machine
 */
void
pf_test_board_free (PfTestBoard *board)
{
  g_ptr_array_unref (board->functions);
  g_ptr_array_unref (board->others);
  g_ptr_array_unref (board->plugs);
  g_hash_table_unref (board->nodes);
  g_hash_table_unref (board->held);
  pf_loans_free (board->loans);
  g_ptr_array_unref (board->inputs);
  g_free (board);
}

/**
 * pf_test_board_add:
 * @board: a machine
 * @address: PCI address
 * @ids: vendor << 16 | device
 * @class_code: 24 bits
 * @name: in words
 * @driver: (nullable): what it is bound to
 * @group: IOMMU group, or -1
 *
 * Returns: (transfer none): the new function; on bus 0 it sits at "pci0000:00/DEVICE.FUNCTION"
 */
PfTestFunction *
pf_test_board_add (PfTestBoard *board,
                   const char *address,
                   guint32 ids,
                   guint32 class_code,
                   const char *name,
                   const char *driver,
                   int group)
{
  PfTestFunction *function = g_new0 (PfTestFunction, 1);
  const char *bus = strchr (address, ':');

  function->refs = 1;
  function->address = g_strdup (address);
  function->is_pci = pf_pci_address_is_canonical (address);
  if (function->is_pci && g_str_has_prefix (bus + 1, "00:"))
    function->path = g_strdup_printf ("pci0000:00/%s", bus + strlen (":00:"));
  else if (function->is_pci)
    function->path = g_strdup_printf ("pci0000:00/1c.%.2s/%s", bus + 1, bus + strlen (":00:"));
  function->ids = ids;
  function->class_code = class_code;
  function->name = g_strdup (name);
  function->driver = g_strdup (driver);
  function->group = group;
  g_ptr_array_add (board->functions, function);
  return function;
}

static guint
find_function (const PfTestBoard *board, const char *address)
{
  for (guint i = 0; i < board->functions->len; i++)
    if (g_str_equal (((const PfTestFunction *) board->functions->pdata[i])->address, address))
      return i;
  g_error ("there is no %s", address);
}

/**
 * pf_test_board_get:
 * @board: a machine
 * @address: of a function that is there
 *
 * Returns: (transfer none): it, to be changed for this machine alone
 */
PfTestFunction *
pf_test_board_get (const PfTestBoard *board, const char *address)
{
  guint at = find_function (board, address);
  PfTestFunction *function = board->functions->pdata[at];

  if (function->refs > 1)
    {
      board->functions->pdata[at] = copy_function (function);
      function_unref (function);
    }
  return board->functions->pdata[at];
}

/**
 * pf_test_board_bind:
 * @board: a machine
 * @address: of a function
 * @driver: (nullable): what has it from now on
 * @driver_override: (nullable): what its override says
 *
 * Somebody other than Portferry binds a function.
 */
void
pf_test_board_bind (PfTestBoard *board, const char *address, const char *driver, const char *driver_override)
{
  const PfTestFunction *is = board->functions->pdata[find_function (board, address)];
  PfTestFunction *function;

  if (g_strcmp0 (is->driver, driver) == 0 && g_strcmp0 (is->driver_override, driver_override) == 0)
    return;
  function = pf_test_board_get (board, address);
  g_free (function->driver);
  g_free (function->driver_override);
  function->driver = g_strdup (driver);
  function->driver_override = g_strdup (driver_override);
}

/**
 * pf_test_board_remove_iommu:
 * @board: a machine, whose IOMMU is switched off
 */
void
pf_test_board_remove_iommu (PfTestBoard *board)
{
  for (guint i = 0; i < board->functions->len; i++)
    ((PfTestFunction *) board->functions->pdata[i])->group = -1;
}

static Plug *
add_plug (PfTestBoard *board, const char *name, PfTestTraits traits)
{
  Plug *plug = g_new0 (Plug, 1);

  plug->bit = PF_CHIPSET_NO_BIT;
  plug->name = g_strdup (name);
  plug->traits = traits;
  g_ptr_array_add (board->plugs, plug);
  return plug;
}

/**
 * pf_test_board_plug:
 * @board: a machine with a router
 * @bit: of the router's port
 * @name: what the device calls itself
 * @traits: what it is
 */
void
pf_test_board_plug (PfTestBoard *board, guint bit, const char *name, PfTestTraits traits)
{
  add_plug (board, name, traits)->bit = (int) bit;
}

/**
 * pf_test_board_plug_at:
 * @board: a machine
 * @address: of a controller that routes nothing
 * @port: of its root hub, from 1
 * @name: what the device calls itself
 * @traits: what it is
 */
void
pf_test_board_plug_at (
    PfTestBoard *board, const char *address, guint port, const char *name, PfTestTraits traits)
{
  Plug *plug = add_plug (board, name, traits);

  plug->address = g_strdup (address);
  plug->port = port;
}

/**
 * pf_test_board_plug_super_speed:
 * @board: a machine with a router
 * @port: SuperSpeed port of its xHCI, from 1
 * @name: what the device calls itself
 * @traits: what it is
 */
void
pf_test_board_plug_super_speed (PfTestBoard *board, guint port, const char *name, PfTestTraits traits)
{
  Plug *plug = add_plug (board, name, traits);

  plug->address = g_strdup (board->router);
  plug->port = port;
  plug->super_speed = TRUE;
}

static gboolean
has_host_driver (const PfTestFunction *function)
{
  return function->driver != NULL && !g_str_equal (function->driver, "vfio-pci")
         && !g_str_equal (function->driver, "pci-stub");
}

/* Controllers number their buses in pairs, in the order they were added. */
static guint
get_bus (const PfTestBoard *board, const PfTestFunction *function)
{
  for (guint i = 0; i < board->functions->len; i++)
    if (board->functions->pdata[i] == function)
      return 2 * i + 1;
  g_assert_not_reached ();
}

static void
read_hubs (const PfTestBoard *board, const PfTestFunction *function, PfController *controller)
{
  guint bus = get_bus (board, function);

  if (function->class_code != XHCI)
    pf_controller_add_root_hub (controller, bus, function->class_code == EHCI ? 480 : 12, 2);
  else
    {
      pf_controller_add_root_hub (controller, bus, 480, function->usb2_ports);
      pf_controller_add_root_hub (controller, bus + 1, 5000, function->usb3_ports);
    }
  if (function->hub_ports > 0)
    {
      g_autofree char *sysname = g_strdup_printf ("%u-1", bus);
      PfUsbDevice *hub = pf_controller_add_device (controller, sysname);

      hub->name = g_strdup ("Integrated Rate Matching Hub");
      hub->is_hub = hub->is_rate_matching = TRUE;
      hub->speed = 480;
      hub->ports = function->hub_ports;
    }
}

/* Where the kernel sees a plug now; NULL when not on @function. */
static char *
name_plug (const PfTestBoard *board, const PfTestFunction *function, const Plug *plug)
{
  const PfTestFunction *router
      = board->router != NULL ? board->functions->pdata[find_function (board, board->router)] : NULL;
  const PfChipset *chipset;
  guint bus = get_bus (board, function);

  if (plug->address != NULL)
    return g_str_equal (plug->address, function->address)
               ? g_strdup_printf ("%u-%u", bus + (plug->super_speed ? 1 : 0), plug->port)
               : NULL;
  chipset = pf_chipset_table_lookup (pf_test_wish_get_chipsets (), router->ids >> 16, router->ids & 0xffff);
  if ((board->registers[0] & (1u << plug->bit)) != 0)
    return function == router
               ? g_strdup_printf ("%u-%u", bus, pf_port_map_bit_to_xhci_port (chipset, (guint) plug->bit))
               : NULL;
  if (!g_str_equal (chipset->ehci[pf_port_map_bit_to_ehci ((guint) plug->bit) - 1].address,
                    function->address))
    return NULL;
  return g_strdup_printf ("%u-1.%u", bus, pf_port_map_bit_to_ehci_port ((guint) plug->bit));
}

static PfInputRank
rank_keyboard (PfTestTraits traits)
{
  if ((traits & PF_TEST_KEYBOARD) == 0)
    return PF_INPUT_NONE;
  return (traits & PF_TEST_DOUBTFUL) != 0 ? PF_INPUT_DOUBTFUL : PF_INPUT_LIKELY;
}

static PfInputSort
get_sort (PfTestTraits traits)
{
  if ((traits & PF_TEST_SECURITY_KEY) != 0)
    return PF_INPUT_SORT_SECURITY_KEY;
  return (traits & PF_TEST_DOUBTFUL) != 0 ? PF_INPUT_SORT_MOUSE : PF_INPUT_SORT_ORDINARY;
}

static void
read_plugs (const PfTestBoard *board, const PfTestFunction *function, PfController *controller)
{
  for (guint i = 0; i < board->plugs->len; i++)
    {
      const Plug *plug = board->plugs->pdata[i];
      g_autofree char *sysname = name_plug (board, function, plug);
      PfUsbDevice *device;

      if (sysname == NULL)
        continue;
      device = pf_controller_add_device (controller, sysname);
      device->name = g_strdup (plug->name);
      device->speed = plug->super_speed ? 5000 : 480;
      device->is_keyboard = rank_keyboard (plug->traits);
      device->is_pointer = (plug->traits & PF_TEST_POINTER) != 0 ? PF_INPUT_LIKELY : PF_INPUT_NONE;
      device->sort = get_sort (plug->traits);
      device->is_storage = (plug->traits & PF_TEST_STORAGE) != 0;
      device->is_hub = (plug->traits & PF_TEST_HUB) != 0;
    }
}

static void
read_function (const PfTestBoard *made_up, const PfTestFunction *from, PfBoard *board)
{
  static const char *const reset_methods[] = { "flr", "pm", NULL };
  PfFunction *function = pf_board_add_function (board, from->address);
  PfController *controller;

  function->path = g_strdup (from->path);
  function->is_pci = from->is_pci;
  function->vendor = from->ids >> 16;
  function->device = from->ids & 0xffff;
  function->subsystem_vendor = from->subsystem >> 16;
  function->subsystem_device = from->subsystem & 0xffff;
  function->class_code = from->class_code;
  function->header_type = from->header_type;
  function->name = g_strdup (from->name);
  function->driver = g_strdup (from->driver);
  function->driver_override = g_strdup (from->driver_override);
  function->iommu_group = from->group;
  function->dead = from->dead;
  function->is_stuck = from->is_stuck;
  if (!from->no_reset)
    function->reset_methods = g_strdupv ((char **) reset_methods);
  board->has_iommu |= from->group >= 0;
  if (!pf_function_is_usb_controller (function))
    return;
  controller = pf_board_add_controller (board, function);
  if (!has_host_driver (from))
    return;
  read_hubs (made_up, from, controller);
  read_plugs (made_up, from, controller);
}

static void
read_groups (const PfTestBoard *made_up, PfBoard *board)
{
  for (guint i = 0; i < board->groups->len; i++)
    {
      PfGroup *group = board->groups->pdata[i];
      const PfNode *node = g_hash_table_lookup (made_up->nodes, GINT_TO_POINTER (group->id));
      const char *holder = g_hash_table_lookup (made_up->held, GINT_TO_POINTER (group->id));

      group->has_node = node != NULL;
      if (node != NULL)
        {
          group->node_uid = node->uid;
          group->node_gid = node->gid;
          group->node_mode = node->mode;
        }
      group->held = holder != NULL;
      group->holder = g_strdup (holder);
    }
}

/**
 * pf_test_board_add_input:
 * @board: a machine
 * @name: in words
 * @traits: what it is
 * @on: (nullable): the function that it hangs on
 * @adapters: (nullable): of a Bluetooth device, names of the USB devices that it may be connected by
 *
 * Adds a keyboard or pointer that is not on USB.
 */
void
pf_test_board_add_input (
    PfTestBoard *board, const char *name, PfTestTraits traits, const char *on, const char *adapters)
{
  PfTestInput *input = g_new0 (PfTestInput, 1);

  input->name = g_strdup (name);
  input->traits = traits;
  input->on = g_strdup (on);
  input->adapters = g_strdup (adapters);
  g_ptr_array_add (board->inputs, input);
}

static void
add_adapter (const PfBoard *board, PfInput *input, const char *name)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = controller->devices->pdata[j];
          const PfUsePlace place = { controller->function->address, device->sysname };

          if (g_str_equal (device->name, name))
            pf_input_add_adapter (input, name, &place);
        }
    }
}

/* A Bluetooth device whose adapter is gone is gone as well. */
static void
read_input (const PfTestInput *from, PfBoard *board)
{
  PfInput *input = pf_input_new (from->name);
  g_auto (GStrv) adapters = g_strsplit (from->adapters != NULL ? from->adapters : "", ",", -1);

  input->is_keyboard = rank_keyboard (from->traits);
  input->is_pointer = (from->traits & PF_TEST_POINTER) != 0 ? PF_INPUT_LIKELY : PF_INPUT_NONE;
  input->sort = get_sort (from->traits);
  input->place.address = g_strdup (from->on);
  for (guint i = 0; adapters[i] != NULL; i++)
    add_adapter (board, input, adapters[i]);
  if (from->adapters != NULL && input->adapters->len == 0)
    pf_input_free (input);
  else
    g_ptr_array_add (board->inputs, input);
}

static void
read_inputs (const PfTestBoard *made_up, PfBoard *board)
{
  const PfTestInput keyboard = { (char *) "AT keyboard", PF_TEST_KEYBOARD, NULL, NULL };
  const PfTestInput mouse = { (char *) "PS/2 mouse", PF_TEST_POINTER, NULL, NULL };

  for (guint i = 0; i < made_up->other_keyboards; i++)
    read_input (&keyboard, board);
  for (guint i = 0; i < made_up->other_pointers; i++)
    read_input (&mouse, board);
  for (guint i = 0; i < made_up->inputs->len; i++)
    read_input (made_up->inputs->pdata[i], board);
}

/**
 * pf_test_board_read:
 * @made_up: a machine
 *
 * Returns: (transfer full): what the scanner would make of it
 */
PfBoard *
pf_test_board_read (const PfTestBoard *made_up)
{
  PfBoard *board = pf_board_new ();

  board->cpu_vendor = made_up->cpu_vendor;
  board->has_vfio = TRUE;
  for (guint i = 0; i < made_up->functions->len; i++)
    read_function (made_up, made_up->functions->pdata[i], board);
  read_inputs (made_up, board);
  for (guint i = 0; i < made_up->others->len; i++)
    g_ptr_array_add (board->others, g_strdup (made_up->others->pdata[i]));
  pf_board_link (board, pf_test_wish_get_chipsets ());
  read_groups (made_up, board);
  for (guint i = 0; i < board->routers->len; i++)
    {
      ((PfRouter *) board->routers->pdata[i])->power = made_up->power;
      pf_board_set_routing (board, board->routers->pdata[i], made_up->registers);
    }
  pf_loans_free (board->loans);
  board->loans = pf_loans_copy (made_up->loans);
  return board;
}
