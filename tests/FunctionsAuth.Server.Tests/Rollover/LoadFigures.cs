using System.Collections.Concurrent;
using System.Diagnostics;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>What clients saw while a server was under load.</summary>
internal sealed class LoadFigures
{
    private readonly ConcurrentDictionary<(SigningKeyType Type, string Kid), int> signers = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly Stopwatch running = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private int requests;
    private int unavailable;
    private int fetches;
    private int atIssue;
    private int beforeExpiry;
    private int late;

    public int Requests => requests;

    /// <summary>Answers with 503. What was asked was asked again, when the answer said.</summary>
    public int Unavailable => unavailable;

    /// <summary>Of a key set that had become too old.</summary>
    public int Fetches => fetches;

    public int Tokens => signers.Values.Sum();

    public int AtIssue => atIssue;

    /// <summary>Within the last moments of a token's life.</summary>
    public int BeforeExpiry => beforeExpiry;

    /// <summary>This machine came so late to a token that it had expired: nobody can say whether it verified.</summary>
    public int Late => late;

    /// <summary>From question to answer.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>The longest for which this machine, or its tables, stood still: what an answer takes longer for that says nothing of the server.</summary>
    public TimeSpan Standstill { get; private set; }

    public TimeSpan Elapsed => running.Elapsed;

    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>How many keys of a type have taken over from another.</summary>
    public int Rotations(SigningKeyType type) => Signers(type).Count - 1;

    /// <summary>Their kids.</summary>
    public IReadOnlyList<string> Signers(SigningKeyType type) => [.. signers.Keys.Where(key => key.Type == type).Select(key => key.Kid)];

    /// <summary>What comes before, such as signing in, does not count for times.</summary>
    public void Begin()
    {
        lock (gate)
        {
            running.Restart();
            (Longest, Standstill) = (TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    public void End() => running.Stop();

    public void StoodStill(TimeSpan time)
    {
        lock (gate)
            Standstill = time > Standstill ? time : Standstill;
    }

    public void Asked(TimeSpan took)
    {
        lock (gate)
        {
            requests++;
            Longest = took > Longest ? took : Longest;
        }
    }

    public void WasUnavailable() => Interlocked.Increment(ref unavailable);

    public void Fetched() => Interlocked.Increment(ref fetches);

    public void Issued(string token)
    {
        var header = JsonAnswer.Header(token);
        var type = SigningKeyTypes.Of(header.GetProperty("alg").GetString()!);
        signers.AddOrUpdate((type, header.GetProperty("kid").GetString()!), 1, (_, count) => count + 1);
    }

    public void Verified(bool isNew) => Interlocked.Increment(ref isNew ? ref atIssue : ref beforeExpiry);

    public void CameLate() => Interlocked.Increment(ref late);

    public void Failed(string what) => failures.Enqueue($"{Elapsed.TotalSeconds:0.0} s: {what}");
}
