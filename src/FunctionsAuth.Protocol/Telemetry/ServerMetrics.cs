using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FunctionsAuth.Protocol.Telemetry;

/// <summary>The metrics of the server. OpenTelemetry collects them with <c>AddSource</c> and <c>AddMeter</c> of <see cref="Name"/>.</summary>
public static class ServerMetrics
{
    public const string Name = "FunctionsAuth";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("functionsauth.token_requests", "{request}", "Token requests by grant type and outcome");
    private static readonly Counter<long> Logins = Meter.CreateCounter<long>("functionsauth.logins", "{login}", "Logins by outcome");
    private static readonly Counter<long> BackchannelLogouts = Meter.CreateCounter<long>("functionsauth.backchannel_logouts", "{logout}", "Clients told of the end of a session, by outcome");
    private static readonly Counter<long> Signatures = Meter.CreateCounter<long>("functionsauth.signatures", "{signature}", "Signatures by algorithm");
    private static readonly Counter<long> SignatureFailures = Meter.CreateCounter<long>("functionsauth.signature_failures", "{signature}", "Signatures that a vault did not make, by vault and reason");
    private static readonly Counter<long> KeyReadings = Meter.CreateCounter<long>("functionsauth.key_readings", "{reading}", "Readings of the signing keys, by vault and outcome");
    private static readonly Counter<long> StorageOperations = Meter.CreateCounter<long>("functionsauth.storage_operations", "{operation}", "Table operations by table, kind and outcome");
    private static readonly Counter<long> Registrations = Meter.CreateCounter<long>("functionsauth.registrations", "{client}", "Clients that registered themselves");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("functionsauth.limited", "{request}", "Requests that a limit refused, by what they asked for");
    private static readonly Counter<long> Pruned = Meter.CreateCounter<long>("functionsauth.pruned", "{record}", "Expired records that were deleted, by table");
    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("functionsauth.deliveries", "{attempt}", "Attempts to deliver what stands in the outbox, by kind and outcome");

    /// <param name="outcome"><c>ok</c>, <c>failed</c> or <c>given_up</c>.</param>
    public static void Delivery(string kind, string outcome) => Deliveries.Add(1, new("kind", kind), new("outcome", outcome));

    public static void ClientRegistered() => Registrations.Add(1);

    /// <param name="outcome"><c>ok</c> or the OAuth error code.</param>
    public static void TokenRequest(string grantType, string outcome) => Tokens.Add(1, new("grant_type", grantType), new("outcome", outcome));

    /// <param name="outcome"><c>ok</c>, <c>wrong</c>, <c>throttled</c>, <c>disabled</c> or <c>created</c>.</param>
    public static void Login(string outcome) => Logins.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome"><c>ok</c>, <c>refused</c>, <c>failed</c>, <c>unsigned</c>, or <c>unlisted</c> for a session whose clients could not be read.</param>
    public static void BackchannelLogout(string outcome) => BackchannelLogouts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Signed(string algorithm) => Signatures.Add(1, new KeyValuePair<string, object?>("algorithm", algorithm));

    /// <param name="reason"><c>failed</c>, <c>timed_out</c>, <c>throttled</c> or <c>refused</c>.</param>
    public static void SignatureFailed(string vault, string reason) => SignatureFailures.Add(1, new("vault", vault), new("reason", reason));

    /// <param name="outcome"><c>ok</c> or <c>failed</c>.</param>
    public static void KeysRead(string vault, string outcome) => KeyReadings.Add(1, new("vault", vault), new("outcome", outcome));

    /// <param name="outcome"><c>ok</c>, or the HTTP status that refused or failed it.</param>
    public static void StorageOperation(string table, string kind, string outcome) =>
        StorageOperations.Add(1, new("table", table), new("kind", kind), new("outcome", outcome));

    /// <param name="what"><c>fetch</c>, <c>hash</c>, <c>mail</c>, <c>mail_recipient</c>, <c>park</c> or <c>register</c>: what a limit refused.</param>
    public static void Limited(string what) => Refusals.Add(1, new KeyValuePair<string, object?>("what", what));

    public static void RecordsPruned(string table, int count) => Pruned.Add(count, new KeyValuePair<string, object?>("table", table));
}
