/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-pci.h"

#include <errno.h>
#include <string.h>

#include "pf-fake-chips.h"
#include "pf-fake-cdev.h"
#include "pf-fake-config.h"
#include "pf-fake-driver.h"
#include "pf-fake-group.h"
#include "pf-fake-ops.h"
#include "pf-fake-uevent.h"

#define PAGE 4096

static int
show_driver_override (gpointer owner, GString *text)
{
  const PfFakePci *pci = owner;

  if (pci->unbinding != NULL)
    return PF_FAKE_WAIT;
  g_string_append_printf (text, "%s\n",
                          pci->override != NULL ? pci->override : pci->kernel->board->unset_override);
  return 0;
}

/* driver_set_override() in drivers/base/driver.c */
static int
store_driver_override (gpointer owner, PfFakeCall *call)
{
  PfFakePci *pci = owner;
  const char *newline = memchr (call->data, '\n', call->size);
  gsize length = newline != NULL ? (gsize) (newline - call->data) : call->size;

  if (call->size >= PAGE - 1)
    return -EINVAL;
  if (pci->unbinding != NULL)
    return PF_FAKE_WAIT;
  g_clear_pointer (&pci->override, g_free);
  if (length > 0)
    pci->override = g_strndup (call->data, length);
  return 0;
}

static int
show_uevent (gpointer owner, GString *text)
{
  pf_fake_pci_append_environment (owner, text);
  return 0;
}

static int
store_uevent (gpointer owner, PfFakeCall *call)
{
  static const char *const actions[]
      = { "add", "remove", "change", "move", "online", "offline", "bind", "unbind", NULL };
  g_autofree char *action = pf_fake_call_get_word (call);

  if (!g_strv_contains (actions, action))
    return -EINVAL;
  pf_fake_pci_emit (owner, action);
  return 0;
}

static int
show_enable (gpointer owner, GString *text)
{
  g_string_append_printf (text, "%d\n", ((PfFakePci *) owner)->driver != NULL);
  return 0;
}

static int
store_enable (gpointer owner, PfFakeCall *call)
{
  return 0;
}

static int
show_control (gpointer owner, GString *text)
{
  g_string_append_printf (text, "%s\n", ((PfFakePci *) owner)->control);
  return 0;
}

static int
store_control (gpointer owner, PfFakeCall *call)
{
  PfFakePci *pci = owner;
  g_autofree char *word = pf_fake_call_get_word (call);

  if (strcmp (word, "on") != 0 && strcmp (word, "auto") != 0)
    return -EINVAL;
  g_free (pci->control);
  pci->control = g_steal_pointer (&word);
  return 0;
}

static int
show_reset_method (gpointer owner, GString *text)
{
  g_autofree char *methods = g_strjoinv (" ", ((PfFakePci *) owner)->spec->reset);

  g_string_append_printf (text, "%s\n", methods);
  return 0;
}

static int
store_remove (gpointer owner, PfFakeCall *call)
{
  g_autofree char *word = pf_fake_call_get_word (call);

  if (strcmp (word, "1") == 0)
    pf_fake_pci_vanish (owner);
  return 0;
}

static const PfFakeAttribute driver_override_attribute
    = { "driver_override", 0644, 0, show_driver_override, store_driver_override, NULL };
static const PfFakeAttribute uevent_attribute = { "uevent", 0644, 0, show_uevent, store_uevent, NULL };
static const PfFakeAttribute enable_attribute = { "enable", 0644, 0, show_enable, store_enable, NULL };
static const PfFakeAttribute control_attribute = { "control", 0644, 0, show_control, store_control, NULL };
static const PfFakeAttribute reset_method_attribute
    = { "reset_method", 0444, 0, show_reset_method, NULL, NULL };
static const PfFakeAttribute remove_attribute = { "remove", 0220, 0, NULL, store_remove, NULL };
static const PfFakeAttribute small_config_attribute
    = { "config", 0644, 256, NULL, pf_fake_config_write, pf_fake_config_read };
static const PfFakeAttribute large_config_attribute
    = { "config", 0644, PF_FAKE_PCI_CONFIG_SIZE, NULL, pf_fake_config_write, pf_fake_config_read };

/* The folder that a function hangs in: its bridge, or the root bus of its domain. */
static PfFakeNode *
find_parent (PfFakeKernel *kernel, const PfFakeFunction *spec)
{
  g_autofree char *root = g_strdup_printf ("pci%04x:%02x", spec->parsed.domain, spec->parsed.bus);

  for (guint i = 0; i < kernel->pci->len; i++)
    {
      PfFakePci *other = g_ptr_array_index (kernel->pci, i);

      if (other->spec->parsed.domain == spec->parsed.domain && other->spec->secondary != 0
          && other->spec->secondary == spec->parsed.bus)
        return other->node;
      if (other->spec->root_bus != NULL && strcmp (other->spec->root_bus, root + strlen ("pci")) == 0)
        return pf_fake_node_add_folder (other->node, root);
    }
  return pf_fake_node_add_folder (pf_fake_node_find (kernel->sys, "devices"), root);
}

static char *
make_modalias (const PfFakeFunction *spec)
{
  return g_strdup_printf ("pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", spec->id >> 16, spec->id & 0xffff,
                          spec->subsystem >> 16, spec->subsystem & 0xffff, spec->class_code >> 16,
                          spec->class_code >> 8 & 0xff, spec->class_code & 0xff);
}

/* The first card, where the board does not say. */
static gboolean
is_boot_vga (const PfFakePci *pci)
{
  const GPtrArray *functions = pci->kernel->board->functions;

  if (pci->spec->boot_vga != NULL)
    return strcmp (pci->spec->boot_vga, "true") == 0;
  for (guint i = 0; i < functions->len; i++)
    {
      const PfFakeFunction *function = g_ptr_array_index (functions, i);

      if (g_strcmp0 (function->boot_vga, "true") == 0)
        return FALSE;
      if (function->class_code >> 8 == 0x0300 && function->boot_vga == NULL)
        return function == pci->spec;
    }
  return FALSE;
}

static void
add_identity (PfFakePci *pci)
{
  const PfFakeFunction *spec = pci->spec;
  g_autofree char *modalias = make_modalias (spec);

  pf_fake_node_add_text (pci->node, "vendor", "0x%04x\n", spec->id >> 16);
  pf_fake_node_add_text (pci->node, "device", "0x%04x\n", spec->id & 0xffff);
  pf_fake_node_add_text (pci->node, "subsystem_vendor", "0x%04x\n", spec->subsystem >> 16);
  pf_fake_node_add_text (pci->node, "subsystem_device", "0x%04x\n", spec->subsystem & 0xffff);
  pf_fake_node_add_text (pci->node, "class", "0x%06x\n", spec->class_code);
  pf_fake_node_add_text (pci->node, "revision", "0x%02x\n", spec->revision);
  pf_fake_node_add_text (pci->node, "modalias", "%s\n", modalias);
  pf_fake_node_add_text (pci->node, "numa_node", "%d\n", spec->numa_node);
  pf_fake_node_add_text (pci->node, "irq", "%d\n", spec->irq >= 0 ? spec->irq : 16 + (int) spec->parsed.slot);
  if (spec->removable != NULL)
    pf_fake_node_add_text (pci->node, "removable", "%s\n", spec->removable);
  if (spec->secondary != 0)
    pf_fake_node_add_text (pci->node, "secondary_bus_number", "%u\n", spec->secondary);
  if (spec->class_code >> 8 == 0x0300)
    pf_fake_node_add_text (pci->node, "boot_vga", "%d\n", is_boot_vga (pci));
}

static void
add_resources (PfFakePci *pci)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  guint64 start = 0xf0000000 + ((guint64) pci->spec->parsed.bus << 20) + (pci->spec->parsed.slot << 15)
                  + (pci->spec->parsed.function << 12);

  g_string_append_printf (lines, "0x%016" G_GINT64_MODIFIER "x 0x%016" G_GINT64_MODIFIER "x 0x%016x\n", start,
                          start + 0xfff, 0x140204);
  for (guint i = 1; i < 13; i++)
    g_string_append (lines, "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
  pf_fake_node_add_text (pci->node, "resource", "%s", lines->str);
}

static void
mark_way_stable (PfFakeNode *node)
{
  for (; node != NULL; node = node->parent)
    node->stable = TRUE;
}

static void
mark_stable (PfFakeNode *node)
{
  node->stable = TRUE;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    mark_stable (g_ptr_array_index (node->children, i));
}

static void
add_files (PfFakePci *pci)
{
  PfFakeNode *power = pf_fake_node_add_folder (pci->node, "power");
  PfFakeNode *bus = pf_fake_node_find (pci->kernel->sys, "bus/pci");

  add_identity (pci);
  add_resources (pci);
  pf_fake_node_add (pci->node, &driver_override_attribute, pci);
  pf_fake_node_add (pci->node, &uevent_attribute, pci);
  pf_fake_node_add (pci->node, &enable_attribute, pci);
  pf_fake_node_add (pci->node, &remove_attribute, pci);
  pf_fake_node_add (pci->node, pci->config_size == 256 ? &small_config_attribute : &large_config_attribute,
                    pci);
  if (pci->spec->reset != NULL && g_strcmp0 (pci->spec->reset[0], "none") != 0)
    pf_fake_node_add (pci->node, &reset_method_attribute, pci);
  pf_fake_node_add (power, &control_attribute, pci);
  pf_fake_node_add_text (power, "runtime_status", "active\n");
  pf_fake_node_add_link_to (pci->node, "subsystem", bus);
  mark_way_stable (pci->node);
  mark_stable (pci->node);
  pf_fake_node_add_link_to (pf_fake_node_find (bus, "devices"), pci->spec->address, pci->node)->stable = TRUE;
}

static const char *
choose_native_driver (const PfFakeFunction *spec)
{
  static const char *const guests[] = { "none", "vfio-pci", "pci-stub", NULL };

  if (spec->native != NULL)
    return strcmp (spec->native, "none") != 0 ? spec->native : NULL;
  if (spec->driver != NULL && !g_strv_contains (guests, spec->driver))
    return spec->driver;
  return pf_fake_chips_get_driver (spec->id, spec->class_code);
}

static gsize
choose_config_size (const PfFakeFunction *spec)
{
  if (spec->config_size > 0)
    return spec->config_size;
  return spec->parsed.bus == 0 ? 256 : PF_FAKE_PCI_CONFIG_SIZE;
}

static gboolean
check_config_size (const PfFakePci *pci, GError **error)
{
  if (pci->config_size == 256 || pci->config_size == PF_FAKE_PCI_CONFIG_SIZE)
    return TRUE;
  return pf_fake_kernel_fail (pci->kernel, "function", pci->spec->declared, "config-size", error,
                              "must be 256 or 4096");
}

static void
insert_in_order (GPtrArray *functions, PfFakePci *pci)
{
  guint64 rank = pf_fake_board_rank_address (&pci->spec->parsed);
  guint position = functions->len;

  while (position > 0
         && pf_fake_board_rank_address (&((PfFakePci *) functions->pdata[position - 1])->spec->parsed) > rank)
    position--;
  g_ptr_array_insert (functions, position, pci);
}

/**
 * pf_fake_pci_new:
 * @spec: as in the board file; must outlive the function
 *
 * Makes a function appear: its folder, its place on the bus and in its IOMMU group. No driver is asked yet.
 *
 * Returns: (transfer none): owned by @kernel; NULL with @error set when the board file makes no sense here
 */
PfFakePci *
pf_fake_pci_new (PfFakeKernel *kernel, const PfFakeFunction *spec, GError **error)
{
  PfFakePci *pci = g_new0 (PfFakePci, 1);

  pci->kernel = kernel;
  pci->spec = spec;
  pci->config = g_malloc0 (PF_FAKE_PCI_CONFIG_SIZE);
  pci->writable = g_malloc0 (PF_FAKE_PCI_CONFIG_SIZE);
  pci->config_size = choose_config_size (spec);
  pci->native = choose_native_driver (spec);
  pci->control = g_strdup (spec->power != NULL ? spec->power : "on");
  if (!check_config_size (pci, error) || !pf_fake_config_fill (pci, error))
    {
      pf_fake_pci_free (pci);
      return NULL;
    }
  pci->node = pf_fake_node_add_folder (find_parent (kernel, spec), spec->address);
  insert_in_order (kernel->pci, pci);
  add_files (pci);
  if (pci->spec->group != PF_FAKE_NONE && strcmp (kernel->board->iommu, "on") == 0)
    pf_fake_group_add_pci (pf_fake_group_get (kernel, spec->group), pci);
  pf_fake_pci_emit (pci, "add");
  return pci;
}

/**
 * pf_fake_pci_free:
 */
void
pf_fake_pci_free (PfFakePci *pci)
{
  g_free (pci->override);
  g_free (pci->control);
  g_free (pci->config);
  g_free (pci->writable);
  g_free (pci);
}

static void
forget_node (PfFakeKernel *kernel, PfFakeNode *node)
{
  if (kernel->forget != NULL)
    kernel->forget (node->parent, node, kernel->forget_data);
  pf_fake_node_remove (node);
}

static PfFakePci *
find_below (PfFakePci *pci)
{
  for (guint i = 0; i < pci->kernel->pci->len; i++)
    {
      PfFakePci *other = g_ptr_array_index (pci->kernel->pci, i);

      for (PfFakeNode *node = other->node->parent; node != NULL; node = node->parent)
        if (node == pci->node)
          return other;
    }
  return NULL;
}

/**
 * pf_fake_pci_vanish:
 *
 * Takes the function, and all behind it, off the bus, as when a card is pulled: drivers let go at once,
 * whoever holds them.
 */
void
pf_fake_pci_vanish (PfFakePci *pci)
{
  PfFakeKernel *kernel = pci->kernel;
  PfFakeNode *link
      = pf_fake_node_find (pf_fake_node_find (kernel->sys, "bus/pci/devices"), pci->spec->address);

  for (PfFakePci *below = find_below (pci); below != NULL; below = find_below (pci))
    pf_fake_pci_vanish (below);
  pf_fake_cdev_close (pci);
  if (pci->group != NULL && pci->group->holder != 0)
    pf_fake_group_release (pci->group);
  if (pci->driver != NULL)
    pf_fake_driver_unbind (pci);
  if (pci->group != NULL)
    pf_fake_group_remove_pci (pci->group, pci);
  pf_fake_pci_emit (pci, "remove");
  forget_node (kernel, link);
  forget_node (kernel, pci->node);
  g_ptr_array_remove (kernel->pci, pci);
}

/**
 * pf_fake_pci_get_header_type:
 *
 * Returns: config byte 0x0e without the multi-function bit
 */
int
pf_fake_pci_get_header_type (const PfFakePci *pci)
{
  if (pci->spec->header >= 0)
    return pci->spec->header;
  if (pci->spec->class_code >> 8 == 0x0604)
    return 1;
  return pci->spec->class_code >> 8 == 0x0607 ? 2 : 0;
}

/**
 * pf_fake_pci_is_bridge:
 *
 * Returns: whether a group that is given to a VM may leave this function with its driver
 */
gboolean
pf_fake_pci_is_bridge (const PfFakePci *pci)
{
  return pf_fake_pci_get_header_type (pci) == 1 || pci->spec->class_code >> 16 == 0x06;
}

/**
 * pf_fake_pci_append_environment:
 *
 * Appends what the uevent file and every event of the function say, a line each.
 */
void
pf_fake_pci_append_environment (const PfFakePci *pci, GString *text)
{
  const PfFakeFunction *spec = pci->spec;
  g_autofree char *modalias = make_modalias (spec);

  if (pci->driver != NULL)
    g_string_append_printf (text, "DRIVER=%s\n", pci->driver->name);
  g_string_append_printf (text, "PCI_CLASS=%04X\n", spec->class_code);
  g_string_append_printf (text, "PCI_ID=%04X:%04X\n", spec->id >> 16, spec->id & 0xffff);
  g_string_append_printf (text, "PCI_SUBSYS_ID=%04X:%04X\n", spec->subsystem >> 16, spec->subsystem & 0xffff);
  g_string_append_printf (text, "PCI_SLOT_NAME=%s\n", spec->address);
  g_string_append_printf (text, "MODALIAS=%s\n", modalias);
}

/**
 * pf_fake_pci_emit:
 * @action: "add", "bind" ...
 *
 * Sends a uevent of the function.
 */
void
pf_fake_pci_emit (PfFakePci *pci, const char *action)
{
  g_autoptr (GString) environment = g_string_new (NULL);

  pf_fake_pci_append_environment (pci, environment);
  pf_fake_uevent_send (pci->kernel, action, pci->node, "pci", environment->str);
}
