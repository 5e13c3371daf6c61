using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Identity;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Faults of a vault, in the form in which the SDK reports them.</summary>
public static class ScriptedVaultFaults
{
    public static RequestFailedException Status(int status, params (string Name, string Value)[] headers) => new(new VaultResponse(status, headers));

    /// <summary>The vault is busy for this number of seconds.</summary>
    public static RequestFailedException Throttled(int seconds) =>
        Status(429, ("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <param name="fault">A status, or the name of a fault without an answer.</param>
    public static Exception Named(string fault) => fault switch
    {
        "time-out" => TimedOut(),
        "time-out of each try" => new AggregateException("Retry failed after 3 tries.", TimedOut(), TimedOut(), TimedOut()),
        "no connection" => NotReached(),
        "no connection at each try" => new AggregateException("Retry failed after 3 tries.", NotReached(), NotReached(), NotReached()),
        "no credential" => new CredentialUnavailableException("ManagedIdentityCredential authentication unavailable."),
        _ => Status(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
    };

    /// <summary>All these calls fail from now on: see <see cref="Is"/>.</summary>
    public static void Fail(this ScriptedVault vault, string calls, Func<Exception> fault) =>
        vault.Before = call => Is(call, calls) ? Task.FromException(fault()) : Task.CompletedTask;

    /// <summary>All these calls never end, even if they are cancelled.</summary>
    public static void Hang(this ScriptedVault vault, string calls) =>
        vault.Before = call => Is(call, calls) ? new TaskCompletionSource().Task : Task.CompletedTask;

    /// <summary>All these calls wait until the gate is opened.</summary>
    public static VaultGate Hold(this ScriptedVault vault, string calls)
    {
        var gate = new VaultGate();
        vault.Before = call => Is(call, calls) ? gate.PassAsync() : Task.CompletedTask;
        return gate;
    }

    public static void Recover(this ScriptedVault vault) => vault.Before = null;

    /// <summary>Whether the text of the call begins with these words.</summary>
    public static bool Is(this VaultCall call, string text) =>
        $"{call} ".StartsWith(text + ' ', StringComparison.Ordinal) || $"{call}".StartsWith(text + '/', StringComparison.Ordinal);

    public static int Count(this ScriptedVault vault, string calls) => vault.Calls.Count(call => Is(call, calls));

    private static TaskCanceledException TimedOut() =>
        new("The operation was cancelled because it exceeded the configured timeout of 0:00:03.");

    private static RequestFailedException NotReached() => new(0, "Connection refused", new HttpRequestException("Connection refused"));
}

/// <summary>Holds calls until a test lets them continue.</summary>
public sealed class VaultGate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a call waits at the gate.</summary>
    public Task ReachedAsync() => reached.Task.WaitAsync(Patience.Limit);

    public void Open() => opened.TrySetResult();

    public Task PassAsync()
    {
        reached.TrySetResult();
        return opened.Task;
    }
}

/// <summary>An answer of a service, with a status and headers, but without content.</summary>
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
