using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Identity;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>What goes wrong with a vault, as the SDK shows it.</summary>
public static class ScriptedVaultFaults
{
    public static RequestFailedException Status(int status, params (string Name, string Value)[] headers) => new(new VaultResponse(status, headers));

    /// <summary>Busy, and for how many seconds.</summary>
    public static RequestFailedException Throttled(int seconds) =>
        Status(429, ("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <param name="fault">A status, or the name of what is no answer at all.</param>
    public static Exception Named(string fault) => fault switch
    {
        "time-out" => TimedOut(),
        "time-out of each try" => new AggregateException("Retry failed after 3 tries.", TimedOut(), TimedOut(), TimedOut()),
        "no connection" => NotReached(),
        "no connection at each try" => new AggregateException("Retry failed after 3 tries.", NotReached(), NotReached(), NotReached()),
        "no credential" => new CredentialUnavailableException("ManagedIdentityCredential authentication unavailable."),
        _ => Status(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
    };

    /// <summary>All such calls fail from now on: see <see cref="Is"/>.</summary>
    public static void Fail(this ScriptedVault vault, string calls, Func<Exception> fault) =>
        vault.Before = call => Is(call, calls) ? Task.FromException(fault()) : Task.CompletedTask;

    /// <summary>All such calls never end, and don't care whether anybody still waits.</summary>
    public static void Hang(this ScriptedVault vault, string calls) =>
        vault.Before = call => Is(call, calls) ? new TaskCompletionSource().Task : Task.CompletedTask;

    /// <summary>All such calls wait until the gate is opened.</summary>
    public static VaultGate Hold(this ScriptedVault vault, string calls)
    {
        var gate = new VaultGate();
        vault.Before = call => Is(call, calls) ? gate.PassAsync() : Task.CompletedTask;
        return gate;
    }

    public static void Recover(this ScriptedVault vault) => vault.Before = null;

    /// <summary>The text of the call begins so, up to the end of a word.</summary>
    public static bool Is(this VaultCall call, string text) =>
        $"{call} ".StartsWith(text + ' ', StringComparison.Ordinal) || $"{call}".StartsWith(text + '/', StringComparison.Ordinal);

    public static int Count(this ScriptedVault vault, string calls) => vault.Calls.Count(call => Is(call, calls));

    private static TaskCanceledException TimedOut() =>
        new("The operation was cancelled because it exceeded the configured timeout of 0:00:03.");

    private static RequestFailedException NotReached() => new(0, "Connection refused", new HttpRequestException("Connection refused"));
}

/// <summary>Holds calls back until a test lets them go on.</summary>
public sealed class VaultGate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a call stands before it.</summary>
    public Task ReachedAsync() => reached.Task.WaitAsync(Patience.Limit);

    public void Open() => opened.TrySetResult();

    public Task PassAsync()
    {
        reached.TrySetResult();
        return opened.Task;
    }
}

/// <summary>An answer of a service: a status, headers, and no content.</summary>
public sealed class VaultResponse(int status, params (string Name, string Value)[] headers) : Response
{
    public override int Status => status;

    public override bool IsError => status >= 400;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose()
    {
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(header => new HttpHeader(header.Name, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = headers.FirstOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }
}
