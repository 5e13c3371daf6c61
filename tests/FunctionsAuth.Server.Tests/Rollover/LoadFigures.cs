using System.Collections.Concurrent;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>What clients saw while a server was under load.</summary>
internal sealed class LoadFigures(Lockstep steps)
{
    private readonly ConcurrentDictionary<(SigningKeyType Type, string Kid), int> signers = new();
    private readonly ConcurrentQueue<string> failures = new();
    private readonly DateTimeOffset start = steps.Now;
    private int requests;
    private int unavailable;
    private int fetches;
    private int atIssue;
    private int beforeExpiry;
    private int timerRuns;
    private int timerFailures;

    public int Requests => requests;

    /// <summary>Answers with 503. What was asked was asked again, when the answer said.</summary>
    public int Unavailable => unavailable;

    /// <summary>Of a key set that had become too old.</summary>
    public int Fetches => fetches;

    public int Tokens => signers.Values.Sum();

    public int AtIssue => atIssue;

    /// <summary>In the last step of a token's life.</summary>
    public int BeforeExpiry => beforeExpiry;

    public int TimerRuns => timerRuns;

    public int TimerFailures => timerFailures;

    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>How many keys of a type have taken over from another.</summary>
    public int Rotations(SigningKeyType type) => Signers(type).Count - 1;

    /// <summary>Their kids.</summary>
    public IReadOnlyList<string> Signers(SigningKeyType type) => [.. signers.Keys.Where(key => key.Type == type).Select(key => key.Kid)];

    public void Asked() => Interlocked.Increment(ref requests);

    public void WasUnavailable() => Interlocked.Increment(ref unavailable);

    public void Fetched() => Interlocked.Increment(ref fetches);

    public void Issued(string token)
    {
        var header = JsonAnswer.Header(token);
        var type = SigningKeyTypes.Of(header.GetProperty("alg").GetString()!);
        signers.AddOrUpdate((type, header.GetProperty("kid").GetString()!), 1, (_, count) => count + 1);
    }

    public void Verified(bool isNew) => Interlocked.Increment(ref isNew ? ref atIssue : ref beforeExpiry);

    public void TimerRan(bool succeeded)
    {
        Interlocked.Increment(ref timerRuns);
        if (!succeeded)
            Interlocked.Increment(ref timerFailures);
    }

    public void Failed(string what) => failures.Enqueue($"{(steps.Now - start).TotalSeconds:0.00} s: {what}");
}
