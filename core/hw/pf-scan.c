/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan.h"

#include <string.h>

#include "pf-error.h"
#include "pf-override.h"
#include "pf-pci-address.h"
#include "pf-power-control.h"
#include "pf-reset-quirk.h"
#include "pf-scan-classes.h"
#include "pf-scan-function.h"
#include "pf-scan-group.h"
#include "pf-scan-lender.h"
#include "pf-scan-inputs.h"
#include "pf-scan-iommu.h"
#include "pf-scan-removable.h"
#include "pf-scan-usb.h"
#include "pf-scan-uses.h"

#define DEVICES "bus/pci/devices"
#define GROUPS "kernel/iommu_groups"

/* Where Intel xHCIs keep XUSB2PR, XUSB2PRM, USB3_PSSEN and USB3PRM (Linux, drivers/usb/host/pci-quirks.c). */
#define ROUTING_REGISTERS 0xd0
#define N_ROUTING_REGISTERS 4

static void
add_controllers (PfScanSource *source, PfBoard *board, const GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const char *address = g_ptr_array_index (addresses, i);
      PfFunction *function;

      if (!pf_class_is_usb_controller (GPOINTER_TO_UINT (g_hash_table_lookup (source->classes, address))))
        continue;
      function = pf_board_add_function (board, address);
      pf_scan_function (source, function);
      function->is_removable = pf_scan_removable (source->tree, address, board->kernel_version);
      pf_scan_usb (source->tree, source->names, pf_board_add_controller (board, function));
    }
}

/* Adds the members of one group that are not on the board already. Anything with a PCI address is taken for a
 * PCI function, one that is just being unplugged too. */
static void
add_members (PfScanSource *source, PfBoard *board, int group)
{
  g_autofree char *path = g_strdup_printf (GROUPS "/%d/devices", group);
  g_autoptr (GPtrArray) members = pf_tree_list (source->tree, PF_TREE_SYS, path);

  for (guint i = 0; i < members->len; i++)
    {
      const char *name = g_ptr_array_index (members, i);
      PfFunction *function;

      if (pf_board_find_function (board, name) != NULL)
        continue;
      function = pf_board_add_function (board, name);
      if (!pf_pci_address_is_canonical (name))
        pf_scan_function_platform (source, function, group);
      else
        {
          pf_scan_function (source, function);
          function->iommu_group = group;
        }
    }
}

static void
add_groups (PfScanSource *source, PfBoard *board)
{
  g_autoptr (GHashTable) done = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = g_ptr_array_index (board->controllers, i);
      int group = controller->function->iommu_group;

      if (group >= 0 && g_hash_table_add (done, GINT_TO_POINTER (group)))
        add_members (source, board, group);
    }
}

static void
add_others (PfBoard *board, const GPtrArray *addresses)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < board->functions->len; i++)
    g_hash_table_add (taken, ((PfFunction *) g_ptr_array_index (board->functions, i))->address);
  for (guint i = 0; i < addresses->len; i++)
    if (!g_hash_table_contains (taken, g_ptr_array_index (addresses, i)))
      g_ptr_array_add (board->others, g_strdup (g_ptr_array_index (addresses, i)));
}

static guint
read_kernel_version (PfTree *tree)
{
  g_autofree char *release = pf_tree_read_text (tree, PF_TREE_PROC, "sys/kernel/osrelease");
  guint version = 0;

  if (release != NULL)
    pf_kernel_version_parse (release, &version);
  return version;
}

static void
read_machine (PfTree *tree, PfBoard *board, const PfLoans *loans)
{
  struct stat status;

  pf_scan_iommu (tree, board);
  board->has_vfio = pf_tree_stat (tree, PF_TREE_SYS, "bus/pci/drivers/vfio-pci", &status);
  if (loans != NULL)
    {
      pf_loans_free (board->loans);
      board->loans = pf_loans_copy (loans);
    }
}

/* Reads the registers of one router, or says why it is none. */
static const char *
read_routing (PfTree *tree, const PfRouter *router, guint32 registers[N_ROUTING_REGISTERS])
{
  const PfFunction *function = router->controller->function;
  g_autofree char *path = g_strdup_printf (DEVICES "/%s/config", function->address);
  gsize size = N_ROUTING_REGISTERS * sizeof *registers;
  gssize length;

  if (function->dead)
    return "The controller does not answer: its configuration space reads as all ones.";
  length = pf_tree_read_bytes (tree, PF_TREE_SYS, path, ROUTING_REGISTERS, registers, size);
  if (length < 0)
    return "The controller's configuration space, where its routing register is, cannot be read.";
  /* pci_read_config() in drivers/pci/pci-sysfs.c ends at byte 64 for those who lack CAP_SYS_ADMIN. */
  if ((gsize) length < size)
    return "The controller's configuration space can be read only in part, without its routing register: "
           "that "
           "takes the privilege CAP_SYS_ADMIN, or, in a saved copy, a copy made by root.";
  for (guint i = 0; i < N_ROUTING_REGISTERS; i++)
    registers[i] = GUINT32_FROM_LE (registers[i]);
  return NULL;
}

static void
read_routers (PfTree *tree, PfBoard *board)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      PfRouter *router = ((PfController *) g_ptr_array_index (board->controllers, i))->router;
      guint32 registers[N_ROUTING_REGISTERS];
      const char *problem;

      if (router == NULL)
        continue;
      problem = read_routing (tree, router, registers);
      pf_power_control_read (tree, router->controller->function->address, &router->power);
      if (problem == NULL)
        pf_board_set_routing (board, router, registers);
      else
        pf_board_drop_router (board, router, problem);
    }
}

/**
 * pf_scan:
 * @tree: the kernel
 * @chipsets: what may be routed; has to outlive the board
 * @names: names of devices
 * @loans: (nullable): what is recorded as lent; NULL for nothing
 * @error: where there is no PCI bus at all
 *
 * Reads afresh what this machine has. What cannot be read is left out, or left unset: a device may be
 * unplugged at any moment, and a saved copy may lack anything. Blocks for as long as the kernel takes to
 * answer.
 *
 * Returns: (transfer full): the board
 */
PfBoard *
pf_scan (PfTree *tree, const PfChipsetTable *chipsets, PfNames *names, const PfLoans *loans, GError **error)
{
  g_autoptr (GPtrArray) addresses = pf_scan_list_addresses (tree, error);
  g_autoptr (GHashTable) classes = NULL;
  g_autoptr (PfBoard) board = NULL;
  PfScanSource source = { .tree = tree, .names = names };

  if (addresses == NULL)
    return NULL;
  board = pf_board_new ();
  board->kernel_version = read_kernel_version (tree);
  classes = pf_scan_read_classes (tree, addresses);
  source.classes = classes;
  add_controllers (&source, board, addresses);
  add_groups (&source, board);
  g_clear_pointer (&source.groups, g_hash_table_unref);
  pf_override_read_all (tree, board->functions);
  add_others (board, addresses);
  read_machine (tree, board, loans);
  pf_scan_lenders (tree, board);
  pf_board_link (board, chipsets);
  for (guint i = 0; i < board->groups->len; i++)
    pf_scan_group (tree, g_ptr_array_index (board->groups, i));
  read_routers (tree, board);
  pf_scan_uses (tree, board);
  pf_scan_inputs (tree, board);
  return g_steal_pointer (&board);
}
