using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FunctionsAuth.Dev.Tools;

/// <summary>
/// Ports for servers that are given their port before they start. Operating systems do not use this range for outgoing connections or for listeners on any
/// free port, so nothing else takes the port before the server listens.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (CanListen(port) && Given.TryAdd(port, true))
                return port;
        }
    }

    private static bool CanListen(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
