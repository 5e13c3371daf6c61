namespace FunctionsAuth.Protocol.Audit;

/// <summary>
/// The manager who sends the current request, so that events can name the manager. It follows the asynchronous work of the request. It is empty for
/// commands on storage and for timers.
/// </summary>
public sealed class ActingAs : IDisposable
{
    private static readonly AsyncLocal<ActingAs?> Now = new();

    private readonly ActingAs? before = Now.Value;

    private ActingAs(string who) => Who = who;

    /// <summary>A subject, or <c>client</c> and the id of a client; null if nobody manages the server.</summary>
    public static string? Current => Now.Value?.Who;

    private string Who { get; }

    /// <summary>Sets it until the result is disposed.</summary>
    public static ActingAs Begin(string who) => Now.Value = new ActingAs(who);

    public void Dispose() => Now.Value = before;
}
