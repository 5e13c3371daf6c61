using System.ComponentModel;
using System.Diagnostics;

namespace FunctionsAuth.Cli;

/// <summary>The parts of the machine that the tool uses.</summary>
public sealed record CliHost
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader Input { get; init; }

    /// <summary>A person reads the output and can answer questions.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>The file of the sign-ins.</summary>
    public required string Folder { get; init; }

    /// <summary>The value of an environment variable; null if it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Opens an address in the person's browser, and says whether there is one.</summary>
    public required Func<Uri, bool> OpenBrowser { get; init; }

    /// <summary>Sends the requests; null to send them over the network.</summary>
    public HttpMessageHandler? Handler { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static CliHost OfThisMachine() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Input = Console.In,
        IsInteractive = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        Folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.Create), "FunctionsAuth", "cli"),
        Variable = Environment.GetEnvironmentVariable,
        OpenBrowser = Open,
    };

    private static bool Open(Uri address)
    {
        // In a remote session, the browser would open on another machine than the user's.
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is null && Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is null)
            return false;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            return false;
        }
    }
}
