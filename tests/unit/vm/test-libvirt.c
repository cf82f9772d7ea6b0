/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attaching and detaching through libvirt, with its own test driver: a domain "test" that runs nothing. The
 * vm suite has a real one. */
#include <gio/gio.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "pf-error.h"
#include "pf-libvirt-xml.h"
#include "pf-libvirt.h"
#include "pf-vm-config.h"

#define TEST_URI "test:///default"
#define DOMAIN "test"
#define ONE "0000:00:1a.0"
#define OTHER "0000:00:1d.7"
#define PATIENCE_SECONDS 60

static const char *const one[] = { ONE, NULL };
static const char *const other[] = { OTHER, NULL };

/* The test driver's domains live as long as somebody is connected. */
typedef struct
{
  virConnectPtr connection;
  virDomainPtr domain;
} Fixture;

static void
ignore_error (void *user_data, virErrorPtr error)
{
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  virSetErrorFunc (NULL, ignore_error);
  fixture->connection = virConnectOpen (TEST_URI);
  g_assert_nonnull (fixture->connection);
  fixture->domain = virDomainLookupByName (fixture->connection, DOMAIN);
  g_assert_nonnull (fixture->domain);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  virDomainFree (fixture->domain);
  virConnectClose (fixture->connection);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
await (GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  done = g_steal_pointer (result);
  return pf_libvirt_finish (done, error);
}

static gboolean
attach (const char *uri, const char *domain, const char *const *controllers, GError **error)
{
  GAsyncResult *result = NULL;

  pf_libvirt_attach_async (uri, domain, controllers, PATIENCE_SECONDS, on_done, &result);
  return await (&result, error);
}

static gboolean
detach (const char *uri, const char *domain, const char *const *controllers, GError **error)
{
  GAsyncResult *result = NULL;

  pf_libvirt_detach_async (uri, domain, controllers, PATIENCE_SECONDS, on_done, &result);
  return await (&result, error);
}

/* A domain that was made with it, under a name of libvirt's. */
static virDomainPtr
create_domain_with_one (Fixture *fixture)
{
  static const char xml[]
      = "<domain type='test'><name>with</name><memory>65536</memory><os><type>hvm</type></os><devices>"
        "<hostdev mode='subsystem' type='pci' managed='no'>"
        "<source><address domain='0x0' bus='0' slot='0x1a' "
        "function='0'/></source></hostdev></devices></domain>";
  virDomainPtr domain = virDomainCreateXML (fixture->connection, xml, 0);

  g_assert_nonnull (domain);
  return domain;
}

static void
test_attached_already (Fixture *fixture, gconstpointer data)
{
  virDomainPtr domain = create_domain_with_one (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_true (attach (TEST_URI, "with", one, &error));
  g_assert_no_error (error);
  g_assert_true (detach (TEST_URI, "with", other, &error));
  g_assert_no_error (error);
  virDomainDestroy (domain);
  virDomainFree (domain);
}

static gboolean
has_one (virDomainPtr domain)
{
  char *xml = virDomainGetXMLDesc (domain, 0);
  gboolean has = strstr (xml, "slot='0x1a'") != NULL;

  free (xml);
  return has;
}

/* This driver unplugs nothing, and before libvirt 11 plugs nothing, and says so: its words come through, with
 * the controller's address. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  virDomainPtr domain = create_domain_with_one (fixture);
  g_autoptr (GError) error = NULL;
  gboolean attached = attach (TEST_URI, DOMAIN, one, &error);

  g_assert_cmpint (attached, ==, has_one (fixture->domain));
  if (!attached)
    {
      g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
      g_assert_true (g_str_has_prefix (error->message, ONE ": libvirt says: this function is not supported"));
      g_clear_error (&error);
    }
  g_assert_false (detach (TEST_URI, "with", one, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, ONE ": libvirt says: this function is not supported"));
  virDomainDestroy (domain);
  virDomainFree (domain);
}

static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (virDomainDestroy (fixture->domain), ==, 0);
  g_assert_false (attach (TEST_URI, DOMAIN, one, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, ONE ": The virtual machine “test” is not running."));
  g_clear_error (&error);
  g_assert_true (detach (TEST_URI, DOMAIN, one, &error));
  g_assert_no_error (error);
  g_assert_cmpint (virDomainCreate (fixture->domain), ==, 0);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (attach (TEST_URI, "none", one, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "knows no virtual machine “none”"));
  g_clear_error (&error);
  g_assert_false (detach (TEST_URI, "none", one, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
}

/* A driver that this libvirt has not, which is how one looks that does not run. */
static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (attach ("nothing:///system", DOMAIN, one, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "libvirt (nothing:///system) does not answer: "));
}

/* Nothing is asked of another computer, and no program is run; what is no address goes nowhere. */
static void
test_wrong (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "",
                                       "qemu",
                                       "qemu:///",
                                       ":///system",
                                       "qemu://host/system",
                                       "qemu+ssh:///system",
                                       "qemu+ext:///system?command=/bin/true",
                                       "qemu:///system?socket=/tmp/x",
                                       "test:///etc/passwd",
                                       "qemu:///system\n" };
  static const char *const no_address[] = { "", "'/>", "0000:00:1a", NULL };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_false (attach (wrong[i], DOMAIN, one, &error));
      g_assert_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
    }
  g_assert_true (pf_libvirt_check_uri ("qemu:///system", NULL));
  g_assert_true (pf_libvirt_check_uri ("qemu:///session", NULL));
  g_assert_true (attach (TEST_URI, DOMAIN, no_address, &error));
  g_assert_no_error (error);
}

static void
find (const char *xml, const char *controller, const char *wanted)
{
  g_autofree char *alias = NULL;

  g_assert_true (pf_libvirt_xml_find_device (xml, controller, &alias));
  g_assert_cmpstr (alias, ==, wanted);
}

static void
find_not (const char *xml, const char *controller)
{
  g_autofree char *alias = NULL;

  g_assert_false (pf_libvirt_xml_find_device (xml, controller, &alias));
  g_assert_null (alias);
}

/* As a running domain looks: where a guest sees a device is not where the host has it. */
static void
test_xml (void)
{
  static const char xml[]
      = "<domain type='kvm' id='3'><name>x</name><devices>"
        "<disk type='file'><alias name='virtio-disk0'/>"
        "<address type='pci' domain='0x0000' bus='0x00' slot='0x1d' function='0x7'/></disk>"
        "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='2'/></source>"
        "<alias name='hostdev0'/></hostdev>"
        "<hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/>"
        "<source><address domain='0x0000' bus='0x00' slot='0x1a' function='0x0'/></source>"
        "<alias name='ua-pf-0000-00-1a-0'/>"
        "<address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></hostdev>"
        "<hostdev mode='subsystem' type='pci' managed='yes'>"
        "<source><address domain='65536' bus='0xe1' slot='0x00' function='7'/></source></hostdev>"
        "<hostdev mode='subsystem' type='pci' managed='yes'>"
        "<source><address domain='0x100000000' bus='0x00' slot='0x1b' function='0x0'/></source></hostdev>"
        "<hostdev mode='subsystem' type='pci' managed='yes'>"
        "<source><address domain='x' bus='0x00' slot='0x1c' function='0x0'/></source></hostdev>"
        "</devices></domain>";

  find (xml, ONE, "ua-pf-0000-00-1a-0");
  find (xml, "00:1a.0", "ua-pf-0000-00-1a-0");
  find (xml, "10000:e1:00.7", NULL);
  find_not (xml, OTHER);
  find_not (xml, "0000:00:1b.0");
  find_not (xml, "0000:00:1c.0");
  find_not (xml, "0000:05:00.0");
  find_not (xml, "0000:01:02.0");
  find_not (xml, "0000:00:00.0");
  find_not (xml, "x");
  find_not ("", ONE);
  find_not ("no XML", ONE);
  find_not (NULL, ONE);
}

/* What is attached is found again by its own description. */
static void
test_own_xml (void)
{
  g_autofree char *device = pf_vm_config_get_libvirt_device (OTHER);
  g_autofree char *domain = g_strconcat ("<domain>", device, "</domain>", NULL);

  find (domain, OTHER, "ua-pf-0000-00-1d-7");
  find_not (domain, ONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/libvirt/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("attached-already", test_attached_already);
  ADD ("refused", test_refused);
  ADD ("stopped", test_stopped);
  ADD ("unknown", test_unknown);
  ADD ("nobody", test_nobody);
  ADD ("wrong", test_wrong);
  g_test_add_func ("/libvirt/xml", test_xml);
  g_test_add_func ("/libvirt/own-xml", test_own_xml);
  return g_test_run ();
}
