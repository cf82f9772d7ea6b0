/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a virtual machine needs so that controllers can be lent to it and that it can ask for them: text for
 * QEMU and for libvirt, made of nothing but PCI addresses. */

#include "pf-vm-config.h"

#include <string.h>

#include "pf-pci-address.h"

/* Each port of a machine has a chassis number of its own; people count from 1. */
#define FIRST_CHASSIS 100

/* "0000:00:1a.0" taken apart. */
typedef struct
{
  guint64 domain;
  guint64 bus;
  guint64 slot;
  guint64 function;
} Address;

/* FALSE for what is no address; it comes from a profile, but it goes into a command line. */
static gboolean
parse_address (const char *text, Address *address)
{
  g_autofree char *normal = pf_pci_address_normalize (text, NULL);
  g_auto (GStrv) parts = normal != NULL ? g_strsplit_set (normal, ":.", -1) : NULL;

  if (parts == NULL || g_strv_length (parts) != 4)
    return FALSE;
  address->domain = g_ascii_strtoull (parts[0], NULL, 16);
  address->bus = g_ascii_strtoull (parts[1], NULL, 16);
  address->slot = g_ascii_strtoull (parts[2], NULL, 16);
  address->function = g_ascii_strtoull (parts[3], NULL, 16);
  return TRUE;
}

/**
 * pf_vm_config_get_device_id:
 * @controller: a PCI address
 *
 * Returns: (transfer full) (nullable): what the virtual machine calls it: "pf-0000-00-1a-0"; NULL for what is
 * no address
 */
char *
pf_vm_config_get_device_id (const char *controller)
{
  g_autofree char *normal = pf_pci_address_normalize (controller, NULL);

  return normal != NULL ? g_strconcat ("pf-", g_strdelimit (normal, ":.", '-'), NULL) : NULL;
}

/**
 * pf_vm_config_get_port_id:
 * @controller: a PCI address
 *
 * Returns: (transfer full) (nullable): what the port is called into which it is plugged while the machine
 * runs: "pf-port-0000-00-1a-0"; NULL for what is no address
 */
char *
pf_vm_config_get_port_id (const char *controller)
{
  g_autofree char *normal = pf_pci_address_normalize (controller, NULL);

  return normal != NULL ? g_strconcat ("pf-port-", g_strdelimit (normal, ":.", '-'), NULL) : NULL;
}

static void
add_argument (GPtrArray *arguments, const char *option, char *value)
{
  g_ptr_array_add (arguments, g_strdup (option));
  g_ptr_array_add (arguments, value);
}

/**
 * pf_vm_config_get_qemu:
 * @controllers: (array zero-terminated=1): PCI addresses
 * @hot_plug: only the ports for them, into which they are plugged while the machine runs
 *
 * In none of them is a blank or anything that means something to a shell. "reconnect" is in seconds
 * (chardev/char-socket.c in QEMU): the service behind the socket may come and go while the virtual machine
 * runs.
 *
 * Returns: (transfer full) (array zero-terminated=1): arguments for QEMU, options and their values in turn
 */
char **
pf_vm_config_get_qemu (const char *const *controllers, gboolean hot_plug)
{
  GPtrArray *arguments = g_ptr_array_new ();

  for (guint i = 0; controllers[i] != NULL; i++)
    {
      g_autofree char *address = pf_pci_address_normalize (controllers[i], NULL);
      g_autofree char *id = pf_vm_config_get_device_id (controllers[i]);

      if (id != NULL && hot_plug)
        add_argument (arguments, "-device",
                      g_strdup_printf ("pcie-root-port,id=pf-port%s,chassis=%u", id + strlen ("pf"),
                                       FIRST_CHASSIS + i));
      else if (id != NULL)
        add_argument (arguments, "-device", g_strdup_printf ("vfio-pci,host=%s,id=%s", address, id));
    }
  add_argument (arguments, "-chardev", g_strdup ("socket,id=pf,path=" PF_VM_CONFIG_SOCKET ",reconnect=1"));
  add_argument (arguments, "-device", g_strdup ("isa-serial,chardev=pf"));
  g_ptr_array_add (arguments, NULL);
  return (char **) g_ptr_array_free (arguments, FALSE);
}

static void
add_host_device (GString *xml, const char *controller)
{
  g_autofree char *id = pf_vm_config_get_device_id (controller);
  Address address;

  if (!parse_address (controller, &address))
    return;
  g_string_append (xml, "<hostdev mode='subsystem' type='pci' managed='no'>\n  <source>\n");
  g_string_append_printf (xml,
                          "    <address domain='0x%04" G_GINT64_MODIFIER "x' bus='0x%02" G_GINT64_MODIFIER
                          "x' slot='0x%02" G_GINT64_MODIFIER "x' function='0x%" G_GINT64_MODIFIER "x'/>\n",
                          address.domain, address.bus, address.slot, address.function);
  g_string_append_printf (xml, "  </source>\n  <alias name='ua-%s'/>\n</hostdev>\n", id);
}

/**
 * pf_vm_config_get_libvirt_device:
 * @controller: a PCI address
 *
 * Returns: (transfer full): the <hostdev> for it, empty for what is no address
 */
char *
pf_vm_config_get_libvirt_device (const char *controller)
{
  GString *xml = g_string_new (NULL);

  add_host_device (xml, controller);
  return g_string_free (xml, FALSE);
}

/* Machines without PCI Express ignore nothing: libvirt refuses a port there, and they need none. */
static void
add_port (GString *xml, const char *controller)
{
  Address address;

  if (parse_address (controller, &address))
    g_string_append (xml, "<controller type='pci' model='pcie-root-port'/>\n");
}

/**
 * pf_vm_config_get_libvirt:
 * @controllers: (array zero-terminated=1): PCI addresses
 * @hot_plug: only the ports for them, into which they are plugged while the machine runs
 *
 * managed='no': Portferry gives the controllers to vfio-pci and takes them back; libvirt must not. Without
 * relabel='no' libvirt would make the socket the domain's own (virSecurityDACSetChardevLabel() in
 * src/security/security_dac.c), and no other machine could use it. The serial port gets the next free number.
 *
 * Returns: (transfer full): elements for the <devices> of a libvirt domain
 */
char *
pf_vm_config_get_libvirt (const char *const *controllers, gboolean hot_plug)
{
  GString *xml = g_string_new (NULL);

  for (guint i = 0; controllers[i] != NULL; i++)
    (hot_plug ? add_port : add_host_device) (xml, controllers[i]);
  g_string_append (xml, "<serial type='unix'>\n"
                        "  <source mode='connect' path='" PF_VM_CONFIG_SOCKET "'>\n"
                        "    <reconnect enabled='yes' timeout='1'/>\n"
                        "    <seclabel model='dac' relabel='no'/>\n"
                        "  </source>\n"
                        "  <target type='isa-serial'/>\n"
                        "</serial>\n");
  return g_string_free (xml, FALSE);
}
