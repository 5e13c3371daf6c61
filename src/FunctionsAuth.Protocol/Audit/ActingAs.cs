namespace FunctionsAuth.Protocol.Audit;

/// <summary>
/// Who manages the server in the request that is being answered: events name them. It goes wherever the work of that request goes. Commands on
/// storage and timers have nobody.
/// </summary>
public sealed class ActingAs : IDisposable
{
    private static readonly AsyncLocal<ActingAs?> Now = new();

    private readonly ActingAs? before = Now.Value;

    private ActingAs(string who) => Who = who;

    /// <summary>A subject, or <c>client</c> and the id of a client; null where nobody manages.</summary>
    public static string? Current => Now.Value?.Who;

    private string Who { get; }

    /// <summary>From here on until it is disposed.</summary>
    public static ActingAs Begin(string who) => Now.Value = new ActingAs(who);

    public void Dispose() => Now.Value = before;
}
