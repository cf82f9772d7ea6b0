/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prints what a scan sees, to look at by hand: pf-print-board CHIPSETS-FILE [SYS [DEV PROC]] */

#include <stdio.h>
#include <stdlib.h>

#include "pf-scan.h"

static void
print_function (const PfFunction *function)
{
  g_autofree char *resets
      = function->reset_methods != NULL ? g_strjoinv (" ", function->reset_methods) : g_strdup ("none");

  printf (
      "  %s [%s] %04x:%04x (%04x:%04x) class %06x header %u group %d\n    %s\n    driver %s, override %s, "
      "reset: %s%s\n",
      function->address, function->path != NULL ? function->path : "no PCI device", function->vendor,
      function->device, function->subsystem_vendor, function->subsystem_device, function->class_code,
      function->header_type, function->iommu_group, function->name,
      function->driver != NULL ? function->driver : "none",
      function->driver_override != NULL ? function->driver_override : "none", resets,
      function->dead ? ", DEAD" : "");
}

static void
print_device (const PfUsbDevice *device)
{
  printf ("    %-10s %04x:%04x %s: %u Mbit/s, bit %d%s%s%s%s%s\n", device->sysname, device->vendor,
          device->product, device->name, device->speed, device->bit, device->is_hub ? ", hub" : "",
          device->is_rate_matching ? " (rate matching)" : "", device->is_keyboard ? ", keyboard" : "",
          device->is_pointer ? ", pointer" : "", device->is_storage ? ", storage" : "");
  if (device->sort != PF_INPUT_SORT_ORDINARY)
    printf ("               is %s\n", pf_input_sort_to_words (device->sort));
}

static void
print_input (const PfInput *input)
{
  static const char *const ranks[] = { "no", "perhaps", "yes" };

  printf ("  %s: keyboard %s, pointer %s", input->name, ranks[input->is_keyboard], ranks[input->is_pointer]);
  if (input->place.address != NULL)
    printf (", on %s", input->place.address);
  for (guint i = 0; i < input->adapters->len; i++)
    printf (", by %s", ((const PfInputAdapter *) input->adapters->pdata[i])->name);
  printf ("\n");
}

static void
print_controller (const PfController *controller)
{
  printf ("  %s %s, owner %s\n", controller->function->address,
          pf_controller_kind_to_string (controller->kind),
          pf_owner_to_string (pf_function_get_owner (controller->function)));
  if (controller->routing_problem != NULL)
    printf ("    no router: %s\n", controller->routing_problem);
  for (guint i = 0; i < controller->root_hubs->len; i++)
    {
      const PfRootHub *hub = g_ptr_array_index (controller->root_hubs, i);

      printf ("    usb%u: %u Mbit/s, %u ports\n", hub->bus, hub->speed, hub->ports);
    }
  for (guint i = 0; i < controller->devices->len; i++)
    print_device (g_ptr_array_index (controller->devices, i));
}

static void
print_group (const PfGroup *group)
{
  printf ("  %d:", group->id);
  for (guint i = 0; i < group->members->len; i++)
    printf (" %s", ((PfFunction *) g_ptr_array_index (group->members, i))->address);
  if (group->has_node)
    printf ("; node %u:%u %04o%s%s", group->node_uid, group->node_gid, group->node_mode,
            group->held ? ", held by " : "",
            group->holder != NULL ? group->holder
            : group->held         ? "an unknown process"
                                  : "");
  printf ("\n");
}

static void
print_router (const PfRouter *router)
{
  printf ("  %s %s: value %04x, firmware mask %04x, mask %04x, SuperSpeed %02x of %02x\n",
          router->controller->function->address, router->chipset->name, router->value, router->firmware_mask,
          router->mask, router->super_speed_value, router->super_speed_mask);
  for (guint i = 0; i < router->ports->len; i++)
    {
      const PfPort *port = &g_array_index (router->ports, PfPort, i);

      printf ("    bit %2u: ehci%u/%u, xHCI port %u%s\n", port->bit, port->ehci, port->ehci_port,
              port->xhci_port, port->movable ? "" : ", fixed");
    }
}

static void
print_board (const PfBoard *board)
{
  printf ("functions:\n");
  g_ptr_array_foreach (board->functions, (GFunc) (void (*) (void)) print_function, NULL);
  printf ("controllers:\n");
  g_ptr_array_foreach (board->controllers, (GFunc) (void (*) (void)) print_controller, NULL);
  printf ("inputs that are not on USB:\n");
  g_ptr_array_foreach (board->inputs, (GFunc) (void (*) (void)) print_input, NULL);
  printf ("groups:\n");
  g_ptr_array_foreach (board->groups, (GFunc) (void (*) (void)) print_group, NULL);
  printf ("routers:\n");
  g_ptr_array_foreach (board->routers, (GFunc) (void (*) (void)) print_router, NULL);
  printf ("others: %u; CPU vendor %d; IOMMU %s; vfio-pci %s\n", board->others->len, board->cpu_vendor,
          board->has_iommu ? "yes" : "no", board->has_vfio ? "yes" : "no");
}

int
main (int argc, char **argv)
{
  g_autoptr (PfChipsetTable) chipsets = pf_chipset_table_new ();
  g_autoptr (PfNames) names = pf_names_new ();
  g_autoptr (PfTree) tree = NULL;
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  gint64 start;

  if (argc != 2 && argc != 3 && argc != 5)
    {
      fprintf (stderr, "usage: %s CHIPSETS-FILE [SYS [DEV PROC]]\n", argv[0]);
      return 2;
    }
  if (g_file_get_contents (argv[1], &text, &length, &error)
      && pf_chipset_table_add (chipsets, text, length, &error))
    tree = pf_tree_new (argc > 2 ? argv[2] : "/sys", argc == 2 ? "/dev" : argv[3],
                        argc == 2   ? "/proc"
                        : argc == 5 ? argv[4]
                                    : NULL,
                        &error);
  start = g_get_monotonic_time ();
  if (tree != NULL)
    board = pf_scan (tree, chipsets, names, NULL, &error);
  if (board == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return 1;
    }
  print_board (board);
  printf ("scanned in %" G_GINT64_FORMAT " µs\n", g_get_monotonic_time () - start);
  return 0;
}
