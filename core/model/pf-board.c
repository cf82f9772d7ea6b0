/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-board.h"

#include <string.h>

#include "pf-error.h"
#include "pf-pci-address.h"
#include "pf-pci-ids.h"
#include "pf-port-map.h"

static void
function_free (PfFunction *function)
{
  g_free (function->address);
  g_free (function->path);
  g_free (function->name);
  g_free (function->driver);
  g_free (function->driver_override);
  g_strfreev (function->reset_methods);
  g_free (function->warning);
  g_free (function->reset_risk);
  g_free (function);
}

static void
usb_device_free (PfUsbDevice *device)
{
  g_free (device->sysname);
  g_free (device->name);
  g_free (device);
}

static void
controller_free (PfController *controller)
{
  g_ptr_array_unref (controller->root_hubs);
  g_ptr_array_unref (controller->devices);
  g_free (controller->routing_problem);
  g_free (controller);
}

static void
group_free (PfGroup *group)
{
  g_ptr_array_unref (group->members);
  g_array_unref (group->reserved);
  g_free (group->holder);
  g_free (group);
}

static void
router_free (PfRouter *router)
{
  g_array_unref (router->ports);
  g_free (router);
}

/**
 * pf_board_new:
 *
 * Returns: (transfer full): a board with nothing on it
 */
PfBoard *
pf_board_new (void)
{
  PfBoard *board = g_new0 (PfBoard, 1);

  board->functions = g_ptr_array_new_with_free_func ((GDestroyNotify) function_free);
  board->others = g_ptr_array_new_with_free_func (g_free);
  board->controllers = g_ptr_array_new_with_free_func ((GDestroyNotify) controller_free);
  board->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  board->routers = g_ptr_array_new_with_free_func ((GDestroyNotify) router_free);
  board->uses = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_use_free);
  board->inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_input_free);
  board->loans = pf_loans_new ();
  board->lenders = pf_lender_facts_new ();
  return board;
}

/**
 * pf_board_free:
 * @board: (transfer full): a board
 */
void
pf_board_free (PfBoard *board)
{
  g_ptr_array_unref (board->routers);
  g_ptr_array_unref (board->groups);
  g_ptr_array_unref (board->controllers);
  g_ptr_array_unref (board->others);
  g_ptr_array_unref (board->functions);
  g_ptr_array_unref (board->uses);
  g_ptr_array_unref (board->inputs);
  pf_loans_free (board->loans);
  pf_lender_facts_free (board->lenders);
  g_free (board->kernel_parameters);
  g_free (board);
}

/**
 * pf_board_add_function:
 * @board: a board that is being filled
 * @address: its address, or the kernel's name of something that is not a PCI device
 *
 * Returns: (transfer none): a new function in no IOMMU group, to be filled in
 */
PfFunction *
pf_board_add_function (PfBoard *board, const char *address)
{
  PfFunction *function = g_new0 (PfFunction, 1);

  function->address = g_strdup (address);
  function->is_pci = TRUE;
  function->iommu_group = -1;
  g_ptr_array_add (board->functions, function);
  return function;
}

/**
 * pf_board_add_controller:
 * @board: a board that is being filled
 * @function: (transfer none): a USB controller on it
 *
 * Returns: (transfer none): a new controller, to be filled in
 */
PfController *
pf_board_add_controller (PfBoard *board, PfFunction *function)
{
  PfController *controller = g_new0 (PfController, 1);

  controller->function = function;
  controller->kind = pf_controller_kind_from_class (function->class_code);
  controller->root_hubs = g_ptr_array_new_with_free_func (g_free);
  controller->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) usb_device_free);
  g_ptr_array_add (board->controllers, controller);
  return controller;
}

/**
 * pf_controller_add_root_hub:
 * @controller: a controller
 * @bus: USB bus number
 * @speed: Mbit/s
 * @ports: maxchild
 *
 * Returns: (transfer none): the new root hub
 */
PfRootHub *
pf_controller_add_root_hub (PfController *controller, guint bus, guint speed, guint ports)
{
  PfRootHub *hub = g_new0 (PfRootHub, 1);

  hub->bus = bus;
  hub->speed = speed;
  hub->ports = ports;
  g_ptr_array_add (controller->root_hubs, hub);
  return hub;
}

/**
 * pf_controller_add_device:
 * @controller: a controller
 * @sysname: the kernel's name of a USB device below it
 *
 * Returns: (transfer none): the new device, to be filled in
 */
PfUsbDevice *
pf_controller_add_device (PfController *controller, const char *sysname)
{
  PfUsbDevice *device = g_new0 (PfUsbDevice, 1);

  device->sysname = g_strdup (sysname);
  device->bit = PF_CHIPSET_NO_BIT;
  g_ptr_array_add (controller->devices, device);
  return device;
}

static PfGroup *
add_group (PfBoard *board, int id)
{
  PfGroup *group = g_new0 (PfGroup, 1);

  group->id = id;
  group->members = g_ptr_array_new ();
  group->reserved = g_array_new (FALSE, TRUE, sizeof (PfRegion));
  g_ptr_array_add (board->groups, group);
  return group;
}

static int
compare_functions (gconstpointer a, gconstpointer b)
{
  const PfFunction *x = *(PfFunction *const *) a, *y = *(PfFunction *const *) b;

  return pf_pci_address_compare (x->address, y->address);
}

static int
compare_controllers (gconstpointer a, gconstpointer b)
{
  const PfController *x = *(PfController *const *) a, *y = *(PfController *const *) b;

  return pf_pci_address_compare (x->function->address, y->function->address);
}

static void
link_groups (PfBoard *board)
{
  for (guint i = 0; i < board->functions->len; i++)
    {
      PfFunction *function = board->functions->pdata[i];
      PfGroup *group;

      if (function->iommu_group < 0)
        continue;
      group = pf_board_find_group (board, function->iommu_group);
      if (group == NULL)
        group = add_group (board, function->iommu_group);
      g_ptr_array_add (group->members, function);
    }
  for (guint i = 0; i < board->controllers->len; i++)
    {
      PfController *controller = board->controllers->pdata[i];

      if (controller->function->iommu_group >= 0)
        controller->group = pf_board_find_group (board, controller->function->iommu_group);
    }
}

static gboolean
subsystem_is_denied (const PfChipset *chipset, const PfFunction *function)
{
  g_autofree char *ids = pf_pci_ids_to_string (function->subsystem_vendor, function->subsystem_device);

  return chipset->denied_subsystems != NULL
         && g_strv_contains ((const char *const *) chipset->denied_subsystems, ids);
}

static PfController *
find_companion (const PfBoard *board, const PfChipset *chipset, guint index)
{
  PfController *ehci;

  if (index >= chipset->ehci_count)
    return NULL;
  ehci = pf_board_find_controller (board, chipset->ehci[index].address);
  if (ehci == NULL || ehci->function->vendor != chipset->ehci[index].vendor
      || ehci->function->device != chipset->ehci[index].device)
    return NULL;
  return ehci;
}

/* A chip on the allowlist, where the allowlist says it is, with at least one of its EHCIs. Virtual machines emulate
 * 8086:1e31 without the rest (reference: VirtualBox), and some laptops have the EHCIs switched off. */
static char *
find_routing_problem (const PfChipset *chipset, const PfFunction *function, const PfRouter *router)
{
  if (chipset->require_address != NULL && !g_str_equal (chipset->require_address, function->address))
    return g_strdup_printf ("The %s has its routing register at %s, and this one is at %s: probably an emulated chip.",
                            chipset->name, chipset->require_address, function->address);
  if (subsystem_is_denied (chipset, function))
    return g_strdup_printf ("On this machine (subsystem %04x:%04x) Linux itself does not route USB2 ports.",
                            function->subsystem_vendor, function->subsystem_device);
  if (router->ehci[0] == NULL && router->ehci[1] == NULL)
    return g_strdup_printf ("The EHCI controllers that belong to the %s are absent, perhaps switched off in the "
                            "firmware setup: there is nowhere else to route ports to.",
                            chipset->name);
  return NULL;
}

static void
link_router (PfBoard *board, PfController *controller, const PfChipset *chipset)
{
  PfRouter *router = g_new0 (PfRouter, 1);

  router->controller = controller;
  router->chipset = chipset;
  router->ports = g_array_new (FALSE, TRUE, sizeof (PfPort));
  for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
    router->ehci[i] = find_companion (board, chipset, i);
  controller->routing_problem = find_routing_problem (chipset, controller->function, router);
  if (controller->routing_problem != NULL)
    {
      router_free (router);
      return;
    }
  controller->router = router;
  g_ptr_array_add (board->routers, router);
}

/**
 * pf_board_link:
 * @board: a board with all its functions, controllers, root hubs and devices
 * @chipsets: what may be routed; kept by reference, it has to outlive the board
 *
 * Sorts what was added, puts functions into their groups, says what to know of each, and finds the routers. Each router then needs
 * pf_board_set_routing() with its registers, or pf_board_drop_router() where they cannot be read.
 */
void
pf_board_link (PfBoard *board, const PfChipsetTable *chipsets)
{
  g_ptr_array_sort (board->functions, compare_functions);
  g_ptr_array_sort (board->controllers, compare_controllers);
  link_groups (board);
  pf_board_set_warnings (board, chipsets);
  for (guint i = 0; i < board->controllers->len; i++)
    {
      PfController *controller = board->controllers->pdata[i];
      const PfChipset *chipset
          = pf_chipset_table_lookup (chipsets, controller->function->vendor, controller->function->device);

      if (chipset != NULL && controller->kind == PF_CONTROLLER_KIND_XHCI)
        link_router (board, controller, chipset);
    }
}

/**
 * pf_board_drop_router:
 * @board: a board
 * @router: (transfer full): a router on it whose registers cannot be read
 * @problem: why, for people
 */
void
pf_board_drop_router (PfBoard *board, PfRouter *router, const char *problem)
{
  router->controller->routing_problem = g_strdup (problem);
  router->controller->router = NULL;
  g_ptr_array_remove (board->routers, router);
}

/* How many ports the rate matching hub below an EHCI has; 0 while the EHCI has no driver of the host. */
static guint
count_hub_ports (const PfController *ehci)
{
  for (guint i = 0; i < ehci->devices->len; i++)
    {
      const PfUsbDevice *device = ehci->devices->pdata[i];

      if (device->is_rate_matching)
        return device->ports;
    }
  return 0;
}

/* The same ports, seen from the xHCI's USB2 root hub: SKUs have an even number of them, and USBR comes last. 0 while
 * the xHCI has no driver of the host. */
static guint32
find_root_hub_bits (const PfRouter *router)
{
  guint ports = 0;
  guint32 bits = 0;

  for (guint i = 0; i < router->controller->root_hubs->len; i++)
    {
      const PfRootHub *hub = router->controller->root_hubs->pdata[i];

      if (hub->speed == 480)
        ports = hub->ports;
    }
  if (router->chipset->usbr_bit != PF_CHIPSET_NO_BIT)
    ports -= ports % 2;
  for (guint port = 1; port <= ports; port++)
    {
      int bit = pf_port_map_xhci_port_to_bit (router->chipset, port);

      if (bit != PF_CHIPSET_NO_BIT && bit != router->chipset->usbr_bit)
        bits |= 1u << bit;
    }
  return bits;
}

/* What of a chipset's ports a SKU has must not depend on who has the controllers: the hub of an EHCI says it, else
 * the xHCI's root hub, and where a guest has both, the mask that the firmware set. */
static guint32
find_existing_ports (const PfRouter *router)
{
  guint32 root_hub_bits = find_root_hub_bits (router);
  guint32 known = root_hub_bits != 0 ? root_hub_bits : router->firmware_mask;
  guint32 existing = 0;

  for (guint ehci = 1; ehci <= PF_CHIPSET_MAX_EHCIS; ehci++)
    {
      const PfController *companion = router->ehci[ehci - 1];
      guint ports = companion != NULL ? count_hub_ports (companion) : 0;

      for (guint port = 1; companion != NULL && port <= PF_CHIPSET_MAX_PORTS; port++)
        {
          int bit = pf_port_map_ehci_port_to_bit (router->chipset, ehci, port);

          if (bit >= 0 && bit < PF_PORT_MAP_N_BITS && (ports > 0 ? port <= ports : (known & (1u << bit)) != 0))
            existing |= 1u << bit;
        }
    }
  return existing;
}

static void
fill_ports (PfRouter *router)
{
  g_array_set_size (router->ports, 0);
  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    {
      PfPort port = { .bit = bit };

      if ((router->existing & (1u << bit)) == 0)
        continue;
      port.movable = (router->mask & (1u << bit)) != 0;
      port.ehci = pf_port_map_bit_to_ehci (bit);
      port.ehci_port = pf_port_map_bit_to_ehci_port (bit);
      port.xhci_port = pf_port_map_bit_to_xhci_port (router->chipset, bit);
      g_array_append_val (router->ports, port);
    }
}

/* The numbers in "3-1.2.4": how many there are behind the bus, and the first two of them. */
static guint
split_sysname (const char *sysname, guint numbers[2])
{
  const char *dash = strchr (sysname, '-');
  g_auto (GStrv) parts = NULL;
  guint count;

  if (dash == NULL)
    return 0;
  parts = g_strsplit (dash + 1, ".", -1);
  count = g_strv_length (parts);
  for (guint i = 0; i < MIN (count, 2); i++)
    numbers[i] = (guint) g_ascii_strtoull (parts[i], NULL, 10);
  return count;
}

static guint
get_bus_speed (const PfController *controller, const char *sysname)
{
  guint bus = (guint) g_ascii_strtoull (sysname, NULL, 10);

  for (guint i = 0; i < controller->root_hubs->len; i++)
    {
      const PfRootHub *hub = controller->root_hubs->pdata[i];

      if (hub->bus == bus)
        return hub->speed;
    }
  return 0;
}

static void
locate_devices (const PfRouter *router, PfController *controller, guint ehci)
{
  for (guint i = 0; i < controller->devices->len; i++)
    {
      PfUsbDevice *device = controller->devices->pdata[i];
      guint numbers[2] = { 0, 0 };
      guint depth = split_sysname (device->sysname, numbers);

      /* Below an EHCI: root hub, its only port, rate matching hub, the port we mean. */
      if (ehci > 0 && depth >= 2)
        device->bit = pf_port_map_ehci_port_to_bit (router->chipset, ehci, numbers[1]);
      else if (ehci == 0 && depth >= 1 && get_bus_speed (controller, device->sysname) == 480)
        device->bit = pf_port_map_xhci_port_to_bit (router->chipset, numbers[0]);
      if (device->bit >= PF_PORT_MAP_N_BITS || (device->bit >= 0 && (router->existing & (1u << device->bit)) == 0))
        device->bit = PF_CHIPSET_NO_BIT;
    }
}

/**
 * pf_board_set_routing:
 * @board: a linked board
 * @router: a router on it
 * @registers: XUSB2PR, XUSB2PRM, USB3_PSSEN and USB3PRM: config dwords 0xD0, 0xD4, 0xD8 and 0xDC
 *
 * Works out which ports there are, which can move, and what is plugged into each.
 */
void
pf_board_set_routing (PfBoard *board, PfRouter *router, const guint32 registers[4])
{
  const gboolean present[PF_CHIPSET_MAX_EHCIS] = { router->ehci[0] != NULL, router->ehci[1] != NULL };

  router->value = registers[0];
  router->firmware_mask = registers[1];
  router->super_speed_value = registers[2];
  router->super_speed_mask = registers[3] & router->chipset->super_speed_mask_max;
  router->existing = find_existing_ports (router);
  router->mask = pf_port_map_effective_mask (router->chipset, router->firmware_mask, present) & router->existing;
  fill_ports (router);
  locate_devices (router, router->controller, 0);
  for (guint i = 0; i < PF_CHIPSET_MAX_EHCIS; i++)
    if (router->ehci[i] != NULL)
      locate_devices (router, router->ehci[i], i + 1);
}

/**
 * pf_router_get_setting:
 * @router: a router
 * @setting: one of its settings
 *
 * Returns: how that is set now: the bits of a register, or of power/control
 */
guint32
pf_router_get_setting (const PfRouter *router, PfRouterSetting setting)
{
  switch (setting)
    {
    case PF_SETTING_SUPER_SPEED:
      return router->super_speed_value;
    case PF_SETTING_POWER:
      return router->power;
    case PF_SETTING_ROUTING:
    default:
      return router->value;
    }
}
