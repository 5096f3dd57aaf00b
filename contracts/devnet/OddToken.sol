// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice A token that tests teach the bad habits of real ones. Its storage begins like Token's, so that its code can take
/// the place of such a token on the local chain, balances and all. Anyone may teach it.
contract OddToken {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InsufficientBalance();
    error InsufficientAllowance();

    /// @notice What transfers answer: the truth; nothing; `false`, and move nothing; `true`, and move nothing.
    enum Answer {
        Truth,
        Nothing,
        Refusal,
        Lie
    }

    uint256 private constant WHOLE = 10_000;

    string public name;
    string public symbol;
    uint8 public immutable decimals;
    address public immutable minter;

    uint256 private unitsInAll;
    mapping(address owner => uint256) private units;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    uint256 private feeBps;
    uint256 private feeAmount;
    bool private isPaused;
    mapping(address account => bool) private isBlocked;
    Answer private answer;
    bool private isNarrow;
    uint256 private rebasedBps;
    address private hookTarget;
    bytes private hookData;
    bool private isInHook;

    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        address minter_,
        address[] memory holders,
        uint256[] memory amounts
    ) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
        minter = minter_;
        for (uint256 i = 0; i < holders.length; i++) {
            unitsInAll += amounts[i];
            units[holders[i]] += amounts[i];
        }
    }

    /// @notice The receiver gets so many basis points and so much less.
    function takeFee(uint256 bps, uint256 amount) external {
        feeBps = bps;
        feeAmount = amount;
    }

    function pause(bool isPaused_) external {
        isPaused = isPaused_;
    }

    function blockAccount(address account, bool isBlocked_) external {
        isBlocked[account] = isBlocked_;
    }

    function answerWith(Answer answer_) external {
        answer = answer_;
    }

    /// @notice Amounts above 2^96 - 1 are refused.
    function narrow(bool isNarrow_) external {
        isNarrow = isNarrow_;
    }

    /// @notice All balances become so many basis points of what they were at first.
    function rebase(uint256 bps) external {
        rebasedBps = bps;
    }

    /// @notice With every transfer this is called, whatever becomes of it.
    function hook(address target, bytes calldata data) external {
        hookTarget = target;
        hookData = data;
    }

    function totalSupply() external view returns (uint256) {
        return (unitsInAll * scale()) / WHOLE;
    }

    function balanceOf(address owner) public view returns (uint256) {
        return (units[owner] * scale()) / WHOLE;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        checkWidth(amount);
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < amount) revert InsufficientAllowance();
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        return move(from, to, amount);
    }

    function move(address from, address to, uint256 amount) private returns (bool) {
        require(!isPaused, "token is paused");
        require(!isBlocked[from] && !isBlocked[to], "token issuer blocks this account");
        checkWidth(amount);
        if (answer == Answer.Refusal) return false;
        if (answer == Answer.Lie) return true;
        if (balanceOf(from) < amount) revert InsufficientBalance();
        uint256 fee = (amount * feeBps) / WHOLE + feeAmount;
        uint256 received = amount > fee ? amount - fee : 0;
        units[from] -= toUnits(amount);
        units[to] += toUnits(received);
        emit Transfer(from, to, received);
        callHook();
        if (answer == Answer.Nothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }

    function callHook() private {
        if (hookTarget == address(0) || isInHook) return;
        isInHook = true;
        (bool isDone, ) = hookTarget.call(hookData);
        isDone;
        isInHook = false;
    }

    function checkWidth(uint256 amount) private view {
        require(!isNarrow || amount <= type(uint96).max, "amount exceeds 96 bits");
    }

    function scale() private view returns (uint256) {
        return rebasedBps == 0 ? WHOLE : rebasedBps;
    }

    function toUnits(uint256 amount) private view returns (uint256) {
        return (amount * WHOLE) / scale();
    }
}
