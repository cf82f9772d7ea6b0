/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-libvirt-session.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#include "pf-error.h"
#include "pf-libvirt-library.h"
#include "pf-libvirt-xml.h"
#include "pf-vm-config.h"

/* An event may be late, or lost with the connection: then the domain itself is looked at. */
#define LOOK_USEC (2 * G_USEC_PER_SEC)

/* What has been removed since the session began; libvirt's callback has it too, until libvirt says otherwise.
 */
typedef struct
{
  GMutex lock;
  GCond changed;
  GHashTable *aliases; /* of char * */
} Removed;

struct _PfLibvirtSession
{
  const PfLibvirtLibrary *library;
  virConnectPtr connection;
  virDomainPtr domain;
  char *name;
  gint64 deadline; /* monotonic time, us */
  Removed *removed;
  int callback_id;
};

static void
clear_removed (gpointer data)
{
  Removed *removed = data;

  g_mutex_clear (&removed->lock);
  g_cond_clear (&removed->changed);
  g_hash_table_unref (removed->aliases);
}

static void
unref_removed (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_removed);
}

static Removed *
create_removed (void)
{
  Removed *removed = g_atomic_rc_box_new0 (Removed);

  g_mutex_init (&removed->lock);
  g_cond_init (&removed->changed);
  removed->aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return removed;
}

static void
on_removed (virConnectPtr connection, virDomainPtr domain, const char *alias, void *user_data)
{
  Removed *removed = user_data;

  g_mutex_lock (&removed->lock);
  g_hash_table_add (removed->aliases, g_strdup (alias));
  g_cond_signal (&removed->changed);
  g_mutex_unlock (&removed->lock);
}

/* Returns: FALSE, with what libvirt says */
static gboolean
set_refused (PfLibvirtSession *session, GError **error)
{
  const char *words = session->library->virGetLastErrorMessage ();

  if (strstr (words, "No more available PCI slots") != NULL)
    g_set_error (
        error, PF_ERROR, PF_ERROR_FAILED,
        _ ("The virtual machine “%s” has no free port for it; “portferryctl vm-config PROFILE --libvirt "
           "--hot-plug” has what to add."),
        session->name);
  else
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("libvirt says: %s"), words);
  return FALSE;
}

static gboolean
connect_to (PfLibvirtSession *session, const char *uri, GError **error)
{
  const PfLibvirtLibrary *library = session->library;
  int code;

  session->connection = library->virConnectOpen (uri);
  if (session->connection != NULL)
    return TRUE;
  code = library->virGetLastErrorCode ();
  if (code == VIR_ERR_AUTH_FAILED || code == VIR_ERR_AUTH_CANCELLED || code == VIR_ERR_AUTH_UNAVAILABLE
      || code == VIR_ERR_ACCESS_DENIED)
    g_set_error (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED,
                 _ ("You may not use libvirt (%s); members of the group libvirt may. It says: %s"), uri,
                 library->virGetLastErrorMessage ());
  else
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("libvirt (%s) does not answer: %s"), uri,
                 library->virGetLastErrorMessage ());
  return FALSE;
}

static gboolean
find_domain (PfLibvirtSession *session, const char *uri, GError **error)
{
  session->domain = session->library->virDomainLookupByName (session->connection, session->name);
  if (session->domain != NULL)
    return TRUE;
  if (session->library->virGetLastErrorCode () != VIR_ERR_NO_DOMAIN)
    return set_refused (session, error);
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("libvirt (%s) knows no virtual machine “%s”."), uri,
               session->name);
  return FALSE;
}

/**
 * pf_libvirt_session_new:
 * @uri: where libvirt is
 * @domain: the name of a domain
 * @timeout_seconds: how long all that is done in the session may take
 * @error: PF_ERROR_NOT_AUTHORIZED, and PF_ERROR_FAILED where libvirt is not there or knows no such domain
 *
 * Returns: (transfer full) (nullable): a session
 */
PfLibvirtSession *
pf_libvirt_session_new (const char *uri, const char *domain, guint timeout_seconds, GError **error)
{
  const PfLibvirtLibrary *library = pf_libvirt_library_load (error);
  g_autoptr (PfLibvirtSession) session = NULL;

  if (library == NULL)
    return NULL;
  library->virResetLastError ();
  session = g_new0 (PfLibvirtSession, 1);
  session->library = library;
  session->name = g_strdup (domain);
  session->deadline = g_get_monotonic_time () + (gint64) timeout_seconds * G_USEC_PER_SEC;
  session->removed = create_removed ();
  session->callback_id = -1;
  if (!connect_to (session, uri, error) || !find_domain (session, uri, error))
    return NULL;
  return g_steal_pointer (&session);
}

/**
 * pf_libvirt_session_free:
 * @session: (transfer full): a session
 */
void
pf_libvirt_session_free (PfLibvirtSession *session)
{
  if (session->callback_id >= 0)
    session->library->virConnectDomainEventDeregisterAny (session->connection, session->callback_id);
  if (session->domain != NULL)
    session->library->virDomainFree (session->domain);
  if (session->connection != NULL)
    session->library->virConnectClose (session->connection);
  unref_removed (session->removed);
  g_free (session->name);
  g_free (session);
}

typedef enum
{
  MACHINE_STOPPED, /* and so has nothing */
  MACHINE_WITHOUT,
  MACHINE_WITH,
  MACHINE_UNKNOWN, /* libvirt does not say; there is an error */
} Machine;

/* One that libvirt kept only while it ran is gone. */
static Machine
tell_failure (PfLibvirtSession *session, GError **error)
{
  if (session->library->virGetLastErrorCode () == VIR_ERR_NO_DOMAIN)
    return MACHINE_STOPPED;
  set_refused (session, error);
  return MACHINE_UNKNOWN;
}

/* Whether the running machine has it, and what libvirt calls it. */
static Machine
look (PfLibvirtSession *session, const char *controller, char **alias, GError **error)
{
  const PfLibvirtLibrary *library = session->library;
  int active = library->virDomainIsActive (session->domain);
  gboolean has;
  char *xml;

  *alias = NULL;
  if (active == 0)
    return MACHINE_STOPPED;
  xml = active > 0 ? library->virDomainGetXMLDesc (session->domain, 0) : NULL;
  if (xml == NULL)
    return tell_failure (session, error);
  has = pf_libvirt_xml_find_device (xml, controller, alias);
  free (xml);
  return has ? MACHINE_WITH : MACHINE_WITHOUT;
}

/**
 * pf_libvirt_session_attach:
 * @session: a session
 * @controller: the PCI address of a lent controller
 * @error: PF_ERROR_FAILED with what libvirt says, or when the machine does not run
 *
 * Only the running machine changes, not what libvirt keeps of it.
 *
 * Returns: whether the machine has @controller now; it may have had it before
 */
gboolean
pf_libvirt_session_attach (PfLibvirtSession *session, const char *controller, GError **error)
{
  g_autofree char *xml = pf_vm_config_get_libvirt_device (controller);
  g_autofree char *alias = NULL;
  Machine machine = look (session, controller, &alias, error);

  if (machine == MACHINE_STOPPED)
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("The virtual machine “%s” is not running."),
                 session->name);
  if (machine != MACHINE_WITHOUT)
    return machine == MACHINE_WITH;
  if (session->library->virDomainAttachDeviceFlags (session->domain, xml, VIR_DOMAIN_AFFECT_LIVE) != 0)
    return set_refused (session, error);
  return TRUE;
}

/* Until the machine has let go of it, or the session's time is over. */
static gboolean
wait_until_gone (PfLibvirtSession *session, const char *controller, const char *alias, GError **error)
{
  Removed *removed = session->removed;

  for (;;)
    {
      g_autofree char *now = NULL;
      gint64 time = g_get_monotonic_time ();
      Machine machine = look (session, controller, &now, error);

      if (machine != MACHINE_WITH)
        return machine != MACHINE_UNKNOWN;
      if (time >= session->deadline)
        break;
      g_mutex_lock (&removed->lock);
      while (alias == NULL || !g_hash_table_contains (removed->aliases, alias))
        if (!g_cond_wait_until (&removed->changed, &removed->lock, MIN (session->deadline, time + LOOK_USEC)))
          break;
      /* So that it is waited for again, should libvirt describe it still. */
      if (alias != NULL)
        g_hash_table_remove (removed->aliases, alias);
      g_mutex_unlock (&removed->lock);
    }
  g_set_error (error, PF_ERROR, PF_ERROR_TIMED_OUT,
               _ ("The virtual machine “%s” does not let go of it: its system has to run, and to know how."),
               session->name);
  return FALSE;
}

/**
 * pf_libvirt_session_detach:
 * @session: a session
 * @controller: a PCI address
 * @error: PF_ERROR_FAILED with what libvirt says, PF_ERROR_TIMED_OUT when the guest does not let go of it
 *
 * libvirt asks the guest and waits for some seconds, and then says neither yes nor no
 * (qemuDomainWaitForDeviceRemoval() in src/qemu/qemu_hotplug.c); the event tells.
 *
 * Returns: whether the machine has @controller no longer; it may not have had it before
 */
gboolean
pf_libvirt_session_detach (PfLibvirtSession *session, const char *controller, GError **error)
{
  const PfLibvirtLibrary *library = session->library;
  g_autofree char *xml = pf_vm_config_get_libvirt_device (controller);
  g_autofree char *alias = NULL;
  Machine machine = look (session, controller, &alias, error);

  if (machine != MACHINE_WITH)
    return machine != MACHINE_UNKNOWN;
  if (session->callback_id < 0)
    session->callback_id = library->virConnectDomainEventRegisterAny (
        session->connection, session->domain, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
        VIR_DOMAIN_EVENT_CALLBACK (on_removed), g_atomic_rc_box_acquire (session->removed), unref_removed);
  if (library->virDomainDetachDeviceFlags (session->domain, xml, VIR_DOMAIN_AFFECT_LIVE) != 0
      && library->virGetLastErrorCode () != VIR_ERR_DEVICE_MISSING
      && strstr (library->virGetLastErrorMessage (), "already in the process of unplug") == NULL)
    return set_refused (session, error);
  return wait_until_gone (session, controller, alias, error);
}
