/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-watcher.h"

#include <errno.h>

#include <glib-unix.h>
#include <libudev.h>

#include "pf-error.h"

/* One thing that happens makes many events (a hub with five devices: sixty), some 10 ms apart. The first one
 * is answered soon, and while a storm lasts not much more often than a person could see. */
#define SETTLE_MS 20
#define INTERVAL_MS 50
/* A storm must not overflow the socket; what is above the system's limit is silently cut down to it. */
#define BUFFER_SIZE (4 * 1024 * 1024)

/* KVM tells of each virtual machine by an event of its device, which is of the subsystem "misc"
 * (kvm_uevent_notify_change() in virt/kvm/kvm_main.c). */
#define KVM "/misc/kvm"
/* A Bluetooth keyboard comes and goes as an input device, and with its adapter. */
static const char *const subsystems[] = { "pci", "usb", "input", "bluetooth", "vfio", "iommu", "misc" };

struct _PfWatcher
{
  GObject parent_instance;

  struct udev *udev;
  struct udev_monitor *monitor;
  guint watch_id;
  guint settle_id;
  gint64 last_time;
};

G_DEFINE_TYPE (PfWatcher, pf_watcher, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_VM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
on_settled (gpointer user_data)
{
  PfWatcher *watcher = user_data;
  gint64 begin = g_get_monotonic_time ();

  watcher->settle_id = 0;
  g_signal_emit (watcher, signals[SIGNAL_CHANGED], 0);
  /* On a board that takes long to read, as much time goes to other things as to reading. */
  watcher->last_time = g_get_monotonic_time ();
  watcher->last_time += MAX (0, watcher->last_time - begin - INTERVAL_MS * 1000);
  return G_SOURCE_REMOVE;
}

static void
schedule (PfWatcher *watcher)
{
  gint64 wait;

  if (watcher->settle_id != 0)
    return;
  wait = (watcher->last_time + INTERVAL_MS * 1000 - g_get_monotonic_time ()) / 1000;
  watcher->settle_id = g_timeout_add ((guint) CLAMP (wait, SETTLE_MS, 10 * INTERVAL_MS), on_settled, watcher);
}

/* The events themselves do not count, only that there were some: what is true is read from the kernel. */
static gboolean
on_monitor_readable (int fd, GIOCondition condition, gpointer user_data)
{
  PfWatcher *watcher = user_data;
  struct udev_device *device;
  gboolean any = FALSE;
  gboolean is_vm = FALSE;

  errno = 0;
  while ((device = udev_monitor_receive_device (watcher->monitor)) != NULL)
    {
      const char *path = udev_device_get_devpath (device);

      is_vm |= path != NULL && g_str_has_suffix (path, KVM);
      udev_device_unref (device);
      any = TRUE;
    }
  if (any || errno == ENOBUFS)
    schedule (watcher);
  if (is_vm)
    g_signal_emit (watcher, signals[SIGNAL_VM], 0);
  return G_SOURCE_CONTINUE;
}

static void
pf_watcher_init (PfWatcher *watcher)
{
}

static void
pf_watcher_finalize (GObject *object)
{
  PfWatcher *watcher = PF_WATCHER (object);

  g_clear_handle_id (&watcher->watch_id, g_source_remove);
  g_clear_handle_id (&watcher->settle_id, g_source_remove);
  g_clear_pointer (&watcher->monitor, udev_monitor_unref);
  g_clear_pointer (&watcher->udev, udev_unref);
  G_OBJECT_CLASS (pf_watcher_parent_class)->finalize (object);
}

static void
pf_watcher_class_init (PfWatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_watcher_finalize;
  /* Something was plugged, unplugged, bound or unbound. */
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", PF_TYPE_WATCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /* A virtual machine was started, or has ended. */
  signals[SIGNAL_VM]
      = g_signal_new ("vm", PF_TYPE_WATCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static gboolean
start_monitor (PfWatcher *watcher)
{
  watcher->udev = udev_new ();
  if (watcher->udev == NULL)
    return FALSE;
  /* The kernel's own events, not udev's: nothing here needs what udev adds, and udev lets them wait. */
  watcher->monitor = udev_monitor_new_from_netlink (watcher->udev, "kernel");
  if (watcher->monitor == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (subsystems); i++)
    if (udev_monitor_filter_add_match_subsystem_devtype (watcher->monitor, subsystems[i], NULL) < 0)
      return FALSE;
  (void) udev_monitor_set_receive_buffer_size (watcher->monitor, BUFFER_SIZE);
  return udev_monitor_enable_receiving (watcher->monitor) >= 0;
}

/**
 * pf_watcher_new:
 * @error: PF_ERROR_FAILED
 *
 * Listens to the kernel's events, from now on. It sleeps while there are none.
 *
 * Returns: (transfer full): the watcher, or NULL
 */
PfWatcher *
pf_watcher_new (GError **error)
{
  g_autoptr (PfWatcher) watcher = g_object_new (PF_TYPE_WATCHER, NULL);

  errno = 0;
  if (!start_monitor (watcher))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The kernel's events cannot be heard: %s",
                   g_strerror (errno));
      return NULL;
    }
  watcher->watch_id
      = g_unix_fd_add (udev_monitor_get_fd (watcher->monitor), G_IO_IN, on_monitor_readable, watcher);
  return g_steal_pointer (&watcher);
}
